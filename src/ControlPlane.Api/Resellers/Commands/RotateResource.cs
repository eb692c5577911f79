using System.Globalization;
using ControlPlane.Api.Rules;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers.Webhooks;

namespace ControlPlane.Api.Resellers.Commands;

/// <summary>Gives a resource a new password; the old one works on for a while. Only with a command's id is a repetition known as one.</summary>
sealed class RotateResource(ResourceWork work, InstanceAdmission admission, TimeProvider clock)
{
    internal static readonly TimeSpan OverlapDefault = TimeSpan.FromHours(1);

    internal async Task<CommandResult> RunAsync(ResellerCaller by, ResourceRequest request, TimeSpan overlap, CancellationToken cancel)
    {
        var minutes = (int)overlap.TotalMinutes;
        var what = string.Create(CultureInfo.InvariantCulture, $"rotate {minutes}");
        var (open, answer) = await work.OpenAsync(by, request, what, cancel);
        if (open is null)
            return answer!;
        var instance = open.Instance;
        instance.SealedPreviousPassword = minutes == 0 ? null : instance.SealedPassword;
        instance.PreviousPasswordExpiresAt = minutes == 0 ? null : clock.GetUtcNow().AddMinutes(minutes);
        instance.SealedPassword = admission.SealNewPassword(instance.OrganizationId, instance.Id);
        return await work.FileAsync(
            by, open, request, what, OperationKinds.InstanceRotatePassword, "instance.password_rotated", string.Create(CultureInfo.InvariantCulture, $"by its reseller; the old one works for {minutes} more minutes"),
            WebhookEvents.ResourceRotated, cancel);
    }
}
