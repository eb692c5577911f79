namespace Faktory.Server.Workers;

/// <summary>Jids are compared as bytes; the hash is seeded per process, so that clients cannot choose collisions.</summary>
sealed class JidComparer : IEqualityComparer<byte[]>
{
    internal static readonly JidComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] jid)
    {
        var hash = new HashCode();
        hash.AddBytes(jid);
        return hash.ToHashCode();
    }
}
