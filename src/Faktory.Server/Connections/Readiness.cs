namespace Faktory.Server.Connections;

/// <summary>Whether commands are served, and why not.</summary>
enum Readiness
{
    Starting,
    Ready,
    Draining,
    Restoring,
    NeedsRepair,
}
