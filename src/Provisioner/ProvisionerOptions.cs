namespace Provisioner;

/// <summary>Configuration section <c>Provisioner</c>. Engines have sections of their own below it.</summary>
sealed class ProvisionerOptions
{
    /// <summary>Where new instances go: <c>process</c>, <c>docker</c>, or <c>auto</c> for docker where its engine answers and has the image. Instances stay where they are.</summary>
    public string Engine { get; set; } = "auto";

    /// <summary>The program that the process engine runs. Unset: FAKTORY_SERVER, and then <c>faktory-server</c> beside this program.</summary>
    public string? ServerExecutable { get; set; }

    /// <summary>What customers' clients dial.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>Ports of instances, below those that Linux gives to outgoing connections.</summary>
    public int PortFirst { get; set; } = 20_000;

    public int PortLast { get; set; } = 31_999;

    /// <summary>How long a released port rests: workers of its last owner may still dial it.</summary>
    public TimeSpan PortQuarantine { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a server may take to end by itself.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often every instance is looked at and compared with what it should be.</summary>
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many looks in a row must agree before something is done about it.</summary>
    public int SweepsToAct { get; set; } = 2;

    /// <summary>An instance's numbers are taken this often while somebody looks at them, …</summary>
    public TimeSpan SampleWatchedEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>… and this often otherwise.</summary>
    public TimeSpan SampleEvery { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan SamplesKeptFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many instances are asked at the same time.</summary>
    public int AskedAtOnceMax { get; set; } = 16;

    /// <summary>In Development only: the process kills itself before this step, for example <c>instance.provision/start</c>.</summary>
    public string? CrashBeforeStep { get; set; }

    /// <summary>In Development only: the process kills itself when this step has acted and nothing of it is saved yet.</summary>
    public string? CrashAfterStep { get; set; }

    public string ResolvedServerExecutable => Path.GetFullPath(
        ServerExecutable
        ?? (Environment.GetEnvironmentVariable("FAKTORY_SERVER") is { Length: > 0 } given ? given : Path.Combine(AppContext.BaseDirectory, "faktory-server")));
}
