using ControlPlane.Core.Data;

namespace ControlPlane.Core.Billing.Reconciliation;

/// <summary>A provider's own list of what has happened.</summary>
public interface IEventReading
{
    /// <summary>Puts what is not there yet into the inbox.</summary>
    /// <returns>How many were listed, and how many of them were new.</returns>
    Task<(int Looked, int Found)> ReadAsync(ControlPlaneDb db, DateTimeOffset since, CancellationToken cancel);
}
