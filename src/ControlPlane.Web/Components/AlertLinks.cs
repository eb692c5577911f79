using ControlPlane.Client;

namespace ControlPlane.Web.Components;

static class AlertLinks
{
    /// <summary>The page on which something can be done about an alert.</summary>
    public static string To(AlertResource alert) => alert switch
    {
        { Subject: { } subject } when !subject.StartsWith("ins_", StringComparison.Ordinal) => "alerts",
        { Subject: { } subject, Kind: var kind } when kind.StartsWith("backup", StringComparison.Ordinal) => $"instances/{subject}/backups",
        { Subject: { } subject } => $"instances/{subject}",
        _ => "alerts",
    };
}
