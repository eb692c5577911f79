using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Billing.Reconciliation;

/// <summary>One difference, before it is stored.</summary>
/// <param name="Mend">What to read again; only where something is missing here.</param>
public sealed record Finding(DifferenceClass Class, string Subject, string Ours, string Theirs, OrganizationId? Organization = null, InboxSubject? Mend = null);

/// <param name="Looked">Every subject that was looked at: what was found about one of these before, and is not now, is resolved.</param>
public sealed record Compared(IReadOnlyList<Finding> Findings, IReadOnlySet<string> Looked);

/// <summary>Compares one kind of object at a provider, whole or in a window of time, with what is stored.</summary>
public interface IComparison
{
    ComparedKind Kind { get; }

    /// <param name="open">The subjects of differences that are open: looked at again, whatever the window is.</param>
    Task<Compared> CompareAsync(ControlPlaneDb db, IReadOnlyCollection<string> open, DateTimeOffset now, CancellationToken cancel);
}

/// <summary>Collects findings.</summary>
sealed class ComparisonNotes
{
    const string nothing = "nothing";

    readonly List<Finding> findings = [];
    readonly HashSet<string> looked = [];

    internal void Look(string subject) => looked.Add(subject);

    internal void MissingHere(string subject, string theirs, InboxSubject? mend, OrganizationId? organization = null) => Add(new Finding(DifferenceClass.MissingHere, subject, nothing, theirs, organization, mend));

    internal void MissingThere(string subject, string ours, OrganizationId? organization = null) => Add(new Finding(DifferenceClass.MissingThere, subject, ours, nothing, organization));

    /// <summary>Looked at, and a difference where the two are not equal.</summary>
    internal void Same(DifferenceClass @class, string subject, string ours, string theirs, OrganizationId? organization = null)
    {
        looked.Add(subject);
        if (ours != theirs)
            Add(new Finding(@class, subject, ours, theirs, organization));
    }

    internal Compared ToCompared() => new(findings, looked);

    void Add(Finding finding)
    {
        looked.Add(finding.Subject);
        findings.Add(finding);
    }
}
