using ControlPlane.Api.Features.Accounts;
using ControlPlane.Api.Features.Alerts;
using ControlPlane.Api.Features.Audit;
using ControlPlane.Api.Features.Backups;
using ControlPlane.Api.Features.Billing;
using ControlPlane.Api.Features.BillingTime;
using ControlPlane.Api.Features.Brands;
using ControlPlane.Api.Features.Catalogue;
using ControlPlane.Api.Features.Contracts;
using ControlPlane.Api.Features.Customers;
using ControlPlane.Api.Features.Inbox;
using ControlPlane.Api.Features.Instances;
using ControlPlane.Api.Features.Integrations;
using ControlPlane.Api.Features.Invitations;
using ControlPlane.Api.Features.Invoices;
using ControlPlane.Api.Features.Ledger;
using ControlPlane.Api.Features.Mails;
using ControlPlane.Api.Features.Members;
using ControlPlane.Api.Features.Operations;
using ControlPlane.Api.Features.Operator;
using ControlPlane.Api.Features.OperatorResellers;
using ControlPlane.Api.Features.Parties;
using ControlPlane.Api.Features.Payouts;
using ControlPlane.Api.Features.Plans;
using ControlPlane.Api.Features.Reconciliation;
using ControlPlane.Api.Features.Resellers;
using ControlPlane.Api.Features.Revenue;
using ControlPlane.Api.Features.Statements;
using ControlPlane.Api.Features.TakeOvers;
using ControlPlane.Api.Features.Tokens;
using ControlPlane.Api.Features.Webhooks;
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
        ListAddOns.Map(read);

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
        GetRules.Map(read);
        PutRules.Map(change);
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

        // Reading opens the account of whoever looks first.
        GetBilling.Map(change);
        UpdateBilling.Map(change);
        PreviewPlanChange.Map(change);
        StartCheckout.Map(change);
        OpenPaymentPage.Map(change);
        ListInvoices.Map(read);
        GetInvoice.Map(read);
        ListPayments.Map(read);
        ListCreditNotes.Map(read);
        GetUsage.Map(read);
        RedeemCoupon.Map(change);
        AddAddOn.Map(change);
        RemoveAddOn.Map(change);

        ListCustomers.Map(read);
        GetCustomer.Map(read);
        UpdateCustomer.Map(change);
        AttributeCustomer.Map(change);
        AddOverride.Map(change);
        ListOverrides.Map(read);
        RevokeOverride.Map(change);
        ListAllInvoices.Map(read);
        GetAnyInvoice.Map(read);
        ListAllPayments.Map(read);
        RecordReceipt.Map(change);
        VoidInvoice.Map(change);
        WriteOffInvoice.Map(change);
        CreditInvoice.Map(change);
        RefundPayment.Map(change);
        ListRefunds.Map(read);
        ApproveRefund.Map(change);
        RejectRefund.Map(change);
        SettleRefund.Map(change);
        FailRefund.Map(change);
        ListOffers.Map(read);
        AddPlanVersion.Map(change);
        ListCoupons.Map(read);
        CreateCoupon.Map(change);
        EndCoupon.Map(change);
        GetRevenue.Map(read);

        ListContracts.Map(read);
        GetContract.Map(read);
        CreateContract.Map(change);
        EndContract.Map(change);
        ListParties.Map(read);
        CreateParty.Map(change);
        UpdateParty.Map(change);
        FreezeParty.Map(change);
        UnfreezeParty.Map(change);
        ClawBack.Map(change);
        WriteOffDebt.Map(change);
        OnboardParty.Map(change);
        ReverseTransfers.Map(change);
        ListTransferReversals.Map(read);
        ListOwnParties.Map(read);
        GetOwnParty.Map(read);
        GetOwnRevenue.Map(read);
        ListOwnContracts.Map(read);
        ListOwnPayouts.Map(read);
        ListOwnStatements.Map(read);
        GetOwnStatement.Map(read);
        ListJournals.Map(read);
        GetJournal.Map(read);
        GetBalances.Map(read);
        ListMonths.Map(read);
        CloseMonth.Map(change);
        RecordConversion.Map(change);
        ExportLedger.Map(read);
        ListStatements.Map(read);
        GetStatement.Map(read);
        ListPayouts.Map(read);
        GetTransferList.Map(read);
        GetPayout.Map(read);
        RunPayoutsNow.Map(change);
        ApprovePayout.Map(change);
        CancelPayout.Map(change);
        SettlePayout.Map(change);
        FailPayout.Map(change);
        GetClock.Map(read);
        AdvanceClock.Map(change);

        ReceiveStripeEvent.Map(app);
        ListInboxEvents.Map(read);
        GetInboxEvent.Map(read);
        ReplayInboxEvent.Map(change);
        SkipInboxEvent.Map(change);
        ListDifferences.Map(read);
        CloseDifference.Map(change);
        ListRuns.Map(read);

        ClaimOperator.Map(change);
        GetFleet.Map(read);
        ListFleetOperations.Map(read);
        ListFleetAlerts.Map(read);
        ListMails.Map(read);
        GetMailPage.Map(read);
        SendMailAgain.Map(change);

        ListResellers.Map(read);
        CreateReseller.Map(change);
        UpdateReseller.Map(change);
        SuspendReseller.Map(change);
        ResumeReseller.Map(change);
        CreateIntegration.Map(change);
        GetAnyIntegration.Map(read);
        UpdateIntegration.Map(change);
        MapResellers(read, change);
        LookAtInvitation.Map(change);
        AcceptInvitation.Map(change);
        GetBrand.Map(read);
        GetMyReseller.Map(read);
        TakeOverOrganization.Map(change);
    }

    /// <summary>What a reseller does for its customers.</summary>
    static void MapResellers(IEndpointRouteBuilder read, IEndpointRouteBuilder change)
    {
        GetReseller.Map(read);
        AddIntegration.Map(change);
        GetIntegration.Map(read);
        ChangeIntegration.Map(change);
        RotateIntegration.Map(change);
        DisableIntegration.Map(change);
        RefundPlatformInvoice.Map(change);
        // Speaks to this very service, which has to see the twin meanwhile: no transaction around it.
        CertifyIntegration.Map(read);
        CreateManagedCustomer.Map(change);
        ListManagedCustomers.Map(read);
        GetManagedCustomer.Map(read);
        InviteOwner.Map(change);
        ReleaseCustomer.Map(change);
        CreateManagedInstance.Map(change);
        ListManagedInstances.Map(read);
        GetManagedInstance.Map(read);
        ChangeManagedPlan.Map(change);
        SuspendManagedInstance.Map(change);
        ResumeManagedInstance.Map(change);
        RotateManagedPassword.Map(change);
        DeprovisionInstance.Map(change);
        GetManagedCredentials.Map(read);
        GetManagedUsage.Map(read);
        CreateSignOn.Map(change);
        GetResellerRevenue.Map(read);
        ListResellerContracts.Map(read);
        ListResellerStatements.Map(read);
        GetResellerStatement.Map(read);
        ListResellerPayouts.Map(read);
        ListResellerKeys.Map(read);
        CreateResellerKey.Map(change);
        RevokeResellerKey.Map(change);
        ListResellerWebhooks.Map(read);
        CreateWebhook.Map(change);
        UpdateWebhook.Map(change);
        DeleteWebhook.Map(change);
        RotateWebhookSecret.Map(change);
        TestWebhook.Map(change);
        ListDeliveries.Map(read);
        GetDelivery.Map(read);
        Redeliver.Map(change);
        GetWhiteLabel.Map(read);
        PreviewMail.Map(read);
        PutWhiteLabel.Map(change);
        VerifyDomain.Map(change);
        GetSandboxClock.Map(read);
        AdvanceSandbox.Map(change);
    }
}
