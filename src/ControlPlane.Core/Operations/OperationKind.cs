namespace ControlPlane.Core.Operations;

/// <summary>A kind of operation: what files it needs to know of the workflow that runs it elsewhere.</summary>
/// <param name="FirstStep">The step it starts with. Customers read step names as progress.</param>
/// <param name="Deadline">By when its next stable state is due; missing it raises an alert for a human.</param>
public sealed record OperationKind(string Name, string FirstStep, TimeSpan Deadline);

public static class OperationKinds
{
    public static readonly OperationKind InstanceProvision = new("instance.provision", "lease_address", TimeSpan.FromMinutes(2));
    public static readonly OperationKind InstanceDelete = new("instance.delete", "stop", TimeSpan.FromMinutes(2));
    public static readonly OperationKind InstanceUndelete = new("instance.undelete", "lease_address", TimeSpan.FromMinutes(2));
    public static readonly OperationKind InstancePurge = new("instance.purge", "remove", TimeSpan.FromMinutes(10));
    public static readonly OperationKind InstanceRestart = new("instance.restart", "stop", TimeSpan.FromMinutes(2));
    public static readonly OperationKind InstanceRotatePassword = new("instance.rotate_password", "apply", TimeSpan.FromMinutes(2));
    public static readonly OperationKind InstanceSuspend = new("instance.suspend", "stop", TimeSpan.FromMinutes(2));
    public static readonly OperationKind InstanceResume = new("instance.resume", "start", TimeSpan.FromMinutes(2));
    public static readonly OperationKind InstanceChangePlan = new("instance.change_plan", "apply", TimeSpan.FromMinutes(5));
    public static readonly OperationKind InstanceSetRules = new("instance.set_rules", "apply", TimeSpan.FromMinutes(2));
    public static readonly OperationKind InstanceReconcile = new("instance.reconcile", "apply", TimeSpan.FromMinutes(5));

    /// <summary>After another operation on the same subject: tells the reseller how it ended.</summary>
    public static readonly OperationKind ResellerNotify = new("reseller.notify", "tell", TimeSpan.FromMinutes(10));

    /// <summary>Tries for three days; the deadline is a day later.</summary>
    public static readonly OperationKind WebhookDeliver = new("webhook.deliver", "send", TimeSpan.FromDays(4));

    /// <summary>After another operation on the same subject: has the platform called that the resource came through.</summary>
    public static readonly OperationKind PlatformNotify = new("platform.notify", "tell", TimeSpan.FromMinutes(10));

    /// <summary>Calls a reseller's platform, which may be away for hours. Usage goes on every hour for as long as an installation stands, so nothing is ever late.</summary>
    public static readonly OperationKind PlatformCall = new("platform.call", "send", TimeSpan.FromDays(36500));
    public static readonly OperationKind BackupCreate = new("backup.create", "checkpoint", TimeSpan.FromMinutes(30));
    public static readonly OperationKind BackupRestore = new("backup.restore", "await_target", TimeSpan.FromMinutes(30));
}
