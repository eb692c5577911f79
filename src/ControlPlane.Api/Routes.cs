using ControlPlane.Api.Features.Accounts;
using ControlPlane.Api.Features.Alerts;
using ControlPlane.Api.Features.Audit;
using ControlPlane.Api.Features.Backups;
using ControlPlane.Api.Features.Instances;
using ControlPlane.Api.Features.Members;
using ControlPlane.Api.Features.Operations;
using ControlPlane.Api.Features.Operator;
using ControlPlane.Api.Features.Plans;
using ControlPlane.Api.Features.Tokens;
using ControlPlane.Api.Http;

namespace ControlPlane.Api;

/// <summary>Every call of the public API.</summary>
static class Routes
{
    internal static void MapV1(this IEndpointRouteBuilder app)
    {
        var read = app.MapGroup("/v1").AddEndpointFilter<OperatorCalls>().AddEndpointFilter<CheckedPages>();
        // Inside OperatorCalls, so that a change of the operator's is made in the fleet's scope.
        var change = app.MapGroup("/v1").AddEndpointFilter<OperatorCalls>().AddEndpointFilter<UnitOfWork>();

        SignUp.Map(change);
        GetMe.Map(read);
        RequestPasswordReset.Map(change);
        ConfirmPasswordReset.Map(change);
        ListPlans.Map(read);

        CreateInstance.Map(change);
        ListInstances.Map(read);
        GetInstance.Map(read);
        RenameInstance.Map(change);
        DeleteInstance.Map(change);
        UndeleteInstance.Map(change);
        GetCredentials.Map(read);
        RestartInstance.Map(change);
        SuspendInstance.Map(change);
        ResumeInstance.Map(change);
        RotatePassword.Map(change);
        ChangePlan.Map(change);
        GetStats.Map(read);

        GetBackupPolicy.Map(read);
        PutBackupPolicy.Map(change);
        ListBackups.Map(read);
        CreateBackup.Map(change);
        Restore.Map(change);

        GetOperation.Map(read);
        ListOperations.Map(read);
        ListAlerts.Map(read);
        ListAudit.Map(read);
        ListMembers.Map(read);
        ListTokens.Map(read);
        CreateToken.Map(change);
        RevokeToken.Map(change);

        ClaimOperator.Map(change);
        GetFleet.Map(read);
        ListFleetOperations.Map(read);
        ListFleetAlerts.Map(read);
        ListMails.Map(read);
    }
}
