using System.Text.RegularExpressions;

namespace Provisioner.Engines;

/// <summary>What an instance is to be. It carries no engine's words, and every field is checked: an engine acts with privilege.</summary>
sealed partial record InstanceSpec
{
    public required string Id { get; init => field = CheckedId(value); }

    /// <summary>Where clients connect, on loopback: 1024 to 65535.</summary>
    public required int Port { get; init => field = Within(value, 1024, 65_535); }

    /// <summary>The admin port, for an engine whose instances share the machine's ports; a container has an address of its own.</summary>
    public int? AdminPort { get; init => field = value is { } port ? Within(port, 1024, 65_535) : null; }

    /// <summary>At least 32 MiB.</summary>
    public required long MemoryBytes { get; init => field = Within(value, 32L << 20, 1L << 40); }

    /// <summary>Thousandths of a core.</summary>
    public required int CpuMillis { get; init => field = Within(value, 10, 1_000_000); }

    /// <summary>Processes and threads.</summary>
    public int PidsMax { get; init => field = Within(value, 16, 32_768); } = 256;

    /// <summary>The JSON of docs/admin-port.md. It holds secrets: never logged.</summary>
    public required ReadOnlyMemory<byte> InstanceFile { get; init; }

    /// <summary>The image to run, by its id; null keeps the one the instance has, or takes the engine's default for a new one.</summary>
    public string? Image { get; init; }

    /// <summary>An id becomes a folder, a container's name and a label, so it may hold nothing that means something there.</summary>
    public static string CheckedId(string id) =>
        IdPattern().IsMatch(id) ? id : throw new ArgumentException($"'{id}' is not an instance id", nameof(id));

    // No secrets in logs: the compiler's ToString would print every property.
    public override string ToString() => $"{Id} on port {Port}";

    [GeneratedRegex("^[a-z][a-z0-9_]{2,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();

    static T Within<T>(T value, T least, T most) where T : IComparable<T> =>
        value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"must be between {least} and {most}");
}
