using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Backups;

/// <summary>What <c>backup.create</c> starts with. Its subject is the backup, so that a long pull holds up nothing else on the instance.</summary>
/// <param name="Backup">A row in state pending, written in the same transaction.</param>
public sealed record BackupCreateData(BackupId Backup);

/// <summary>
/// What <c>backup.restore</c> starts with. Its subject is <paramref name="Target"/>: a new instance's <c>instance.provision</c> is filed
/// before it on the same subject, and therefore done first.
/// </summary>
/// <param name="InPlace">The data of the target is replaced; it is kept until the restored server answers.</param>
public sealed record RestoreData(BackupId Backup, InstanceId Target, bool InPlace);
