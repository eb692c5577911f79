using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Instances;

/// <summary>What the customer asked an instance to be.</summary>
public enum DesiredState
{
    Running,
    Suspended,
    Deleted,
}

/// <summary>What an instance was last seen to be.</summary>
public enum InstanceState
{
    Provisioning,
    Running,
    Restarting,
    Suspending,
    Suspended,
    Resuming,
    Deleting,
    Deleted,
    Failed,
}

/// <summary>Who stopped an instance. It runs again when nobody holds it any more.</summary>
public enum SuspensionReason
{
    Owner,
    Debt,
    Reseller,

    /// <summary>Its reseller, who pays for it, has not paid.</summary>
    ResellerDebt,
}

public enum InstanceHealth
{
    Unknown,
    Healthy,
    Unhealthy,
}

/// <summary>
/// A customer's Faktory server. Intent (<see cref="Desired"/>, <see cref="PlanKey"/>, the sealed secrets, counted by <see cref="Generation"/>)
/// is written by the Api; observation (<see cref="State"/>, <see cref="Health"/>, the address) by the Provisioner.
/// </summary>
public sealed class Instance
{
    /// <summary>How long a deleted instance can be brought back.</summary>
    public static readonly TimeSpan UndeleteFor = TimeSpan.FromDays(14);

    public required InstanceId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }
    public required string Name { get; set; }
    public required string PlanKey { get; set; }
    public int PlanVersion { get; set; } = 1;
    public required string Region { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    public DesiredState Desired { get; set; } = DesiredState.Running;

    /// <summary>It was stopped for a debt, and starts again when that is paid.</summary>
    public bool IsSuspendedForDebt { get; private set; }
    public bool IsSuspendedByOwner { get; private set; }
    public bool IsSuspendedByReseller { get; private set; }
    public bool IsSuspendedForResellerDebt { get; private set; }

    /// <summary>Grows with each change of intent.</summary>
    public int Generation { get; set; } = 1;

    /// <summary>Cron jobs, throttles and weights as the job server took them, JSON; none when null.</summary>
    public string? Rules { get; set; }

    /// <summary>The current password, sealed for <see cref="Secrets.SecretPurposes.InstancePassword"/>.</summary>
    public required string SealedPassword { get; set; }
    public string? SealedPreviousPassword { get; set; }

    /// <summary>Until when the previous password opens connections beside the current one.</summary>
    public DateTimeOffset? PreviousPasswordExpiresAt { get; set; }

    /// <summary>Further passwords, each of one holder that can lose it alone: <see cref="InstanceKeys"/>. Null where there is none.</summary>
    public string? SealedKeys { get; set; }

    /// <summary>The bearer token of the server's admin port, sealed for <see cref="Secrets.SecretPurposes.InstanceAdminToken"/>.</summary>
    public required string SealedAdminToken { get; set; }
    public DateTimeOffset? DeletedAt { get; set; }
    public DateTimeOffset? PurgeAt { get; set; }

    public InstanceState State { get; private set; } = InstanceState.Provisioning;

    /// <summary>Which brand its web UI was last told to show, in the Provisioner's words; null for none.</summary>
    public string? BrandMark { get; set; }
    public InstanceHealth Health { get; set; } = InstanceHealth.Unknown;
    public int ObservedGeneration { get; set; }
    public DateTimeOffset? ObservedAt { get; set; }
    public string? Version { get; set; }

    /// <summary>process, docker or swarm: where it was placed.</summary>
    public string? Engine { get; set; }

    /// <summary>The address that workers use; null until one is leased.</summary>
    public string? Host { get; set; }
    public int? Port { get; set; }
    public bool Tls { get; set; }

    /// <summary>Base address of the admin port as the control plane reaches it, for example http://127.0.0.1:7421.</summary>
    public string? AdminAddress { get; set; }

    /// <summary>Somebody looks at its numbers until then: sample it each second.</summary>
    public DateTimeOffset? WatchedUntil { get; set; }
    public DateTimeOffset? FirstJobAt { get; set; }

    public bool IsDeletedOrGoing => Desired == DesiredState.Deleted;

    public bool IsSuspendedFor(SuspensionReason reason) => reason switch
    {
        SuspensionReason.Owner => IsSuspendedByOwner,
        SuspensionReason.Debt => IsSuspendedForDebt,
        SuspensionReason.Reseller => IsSuspendedByReseller,
        _ => IsSuspendedForResellerDebt,
    };

    /// <returns>Whether it is to be stopped now; it may have been for another reason already.</returns>
    public bool Suspend(SuspensionReason reason)
    {
        Set(reason, true);
        if (Desired != DesiredState.Running)
            return false;
        Desired = DesiredState.Suspended;
        return true;
    }

    /// <returns>Whether it is to be started now; another reason may still hold it.</returns>
    public bool Release(SuspensionReason reason)
    {
        Set(reason, false);
        if (Desired != DesiredState.Suspended || IsSuspendedByOwner || IsSuspendedForDebt || IsSuspendedByReseller || IsSuspendedForResellerDebt)
            return false;
        Desired = DesiredState.Running;
        return true;
    }

    /// <summary>A deleted instance is wanted again, running. What its owner or a debt stopped earlier does not hold it any more.</summary>
    public void BringBack()
    {
        (Desired, DeletedAt, PurgeAt) = (DesiredState.Running, null, null);
        (IsSuspendedByOwner, IsSuspendedForDebt) = (false, false);
    }

    void Set(SuspensionReason reason, bool holds)
    {
        switch (reason)
        {
            case SuspensionReason.Owner:
                IsSuspendedByOwner = holds;
                break;
            case SuspensionReason.Debt:
                IsSuspendedForDebt = holds;
                break;
            case SuspensionReason.Reseller:
                IsSuspendedByReseller = holds;
                break;
            case SuspensionReason.ResellerDebt:
                IsSuspendedForResellerDebt = holds;
                break;
        }
    }

    public void MarkRunning() => Move(InstanceState.Running, InstanceState.Provisioning, InstanceState.Running, InstanceState.Restarting, InstanceState.Resuming, InstanceState.Suspending, InstanceState.Failed);

    public void MarkRestarting() => Move(InstanceState.Restarting, InstanceState.Running, InstanceState.Restarting, InstanceState.Failed);

    public void MarkSuspending() => Move(InstanceState.Suspending, InstanceState.Provisioning, InstanceState.Running, InstanceState.Restarting, InstanceState.Resuming, InstanceState.Suspending, InstanceState.Failed);

    public void MarkSuspended() => Move(InstanceState.Suspended, InstanceState.Suspending, InstanceState.Suspended);

    public void MarkResuming() => Move(InstanceState.Resuming, InstanceState.Suspended, InstanceState.Suspending, InstanceState.Resuming, InstanceState.Deleted, InstanceState.Deleting, InstanceState.Failed);

    public void MarkDeleting() => Move(InstanceState.Deleting, Enum.GetValues<InstanceState>());

    public void MarkDeleted() => Move(InstanceState.Deleted, InstanceState.Deleting, InstanceState.Deleted);

    public void MarkFailed() => Move(InstanceState.Failed, InstanceState.Provisioning, InstanceState.Running, InstanceState.Restarting, InstanceState.Suspending, InstanceState.Resuming, InstanceState.Failed);

    void Move(InstanceState to, params ReadOnlySpan<InstanceState> from)
    {
        if (!from.Contains(State))
            throw new InvalidOperationException($"instance {Id} is {State} and cannot become {to}");
        State = to;
    }
}
