namespace ControlPlane.Core.Billing;

/// <summary>What is sold begins, and is charged, to the second.</summary>
public static class WholeSeconds
{
    /// <summary>The beginning of its second.</summary>
    public static DateTimeOffset ToSecond(this DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
}
