namespace Faktory.Server.Tests.Hosting;

/// <summary>How long a test waits for what will surely happen, before it calls that a failure. Nothing is ever measured by it.</summary>
static class Patience
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
}
