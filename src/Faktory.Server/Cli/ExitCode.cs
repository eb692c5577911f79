namespace Faktory.Server.Cli;

/// <summary>How the program ends, so that scripts can tell. Those above 3 are the ones that BSD and Linux use for the same.</summary>
static class ExitCode
{
    internal const int Ok = 0;

    /// <summary>It could not be done; standard error says why.</summary>
    internal const int Failed = 1;

    /// <summary>The command line is not one.</summary>
    internal const int Usage = 2;

    /// <summary>It was done, and found damage or loss.</summary>
    internal const int Damaged = 3;

    /// <summary>EX_IOERR</summary>
    internal const int StorageFailed = 74;

    /// <summary>EX_CONFIG</summary>
    internal const int BadConfiguration = 78;

    /// <summary>EADDRINUSE</summary>
    internal const int AddressInUse = 98;
}
