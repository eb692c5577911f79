using ControlPlane.Core.Alerts;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Clock;
using ControlPlane.Core.Billing.Coupons;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Billing.Stripe.Purchases;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Billing.Usage;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Parties;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Reversals;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Core.Ledger.Statements;
using ControlPlane.Core.Mails;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Data;

/// <summary>
/// The control plane's tables. Every tenant-owned one has the filter named <see cref="TenantFilter"/> here and a row-level-security policy
/// in the database; both follow <see cref="DbScope"/>. One per unit of work, one caller.
/// </summary>
public sealed class ControlPlaneDb(DbContextOptions<ControlPlaneDb> options, DbScope scope) : IdentityUserContext<User, Guid>(options), IDataProtectionKeyContext
{
    public const string TenantFilter = "tenant";

    public DbScope Scope { get; } = scope;

    public DbSet<Organization> Organizations => Set<Organization>();
    public DbSet<Membership> Memberships => Set<Membership>();
    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();
    public DbSet<OperatorClaim> OperatorClaims => Set<OperatorClaim>();
    public DbSet<Product> Products => Set<Product>();
    public DbSet<Plan> Plans => Set<Plan>();
    public DbSet<PlanVersion> PlanVersions => Set<PlanVersion>();
    public DbSet<PlanPrice> PlanPrices => Set<PlanPrice>();
    public DbSet<PlanEntitlement> PlanEntitlements => Set<PlanEntitlement>();
    public DbSet<EntitlementOverride> EntitlementOverrides => Set<EntitlementOverride>();
    public DbSet<InstanceEntitlements> InstanceEntitlements => Set<InstanceEntitlements>();
    public DbSet<BillingAccount> BillingAccounts => Set<BillingAccount>();
    public DbSet<ResellerAttribution> ResellerAttributions => Set<ResellerAttribution>();
    public DbSet<SubscriptionItem> SubscriptionItems => Set<SubscriptionItem>();
    public DbSet<Invoice> Invoices => Set<Invoice>();
    public DbSet<InvoiceLine> InvoiceLines => Set<InvoiceLine>();
    public DbSet<CreditNote> CreditNotes => Set<CreditNote>();
    public DbSet<DocumentNumber> DocumentNumbers => Set<DocumentNumber>();
    public DbSet<Payment> Payments => Set<Payment>();
    public DbSet<Refund> Refunds => Set<Refund>();
    public DbSet<Dispute> Disputes => Set<Dispute>();
    public DbSet<Coupon> Coupons => Set<Coupon>();
    public DbSet<CouponRedemption> CouponRedemptions => Set<CouponRedemption>();
    public DbSet<PurchaseIntent> PurchaseIntents => Set<PurchaseIntent>();
    public DbSet<UsagePeriod> UsagePeriods => Set<UsagePeriod>();
    public DbSet<Instance> Instances => Set<Instance>();
    public DbSet<InstanceSample> InstanceSamples => Set<InstanceSample>();
    public DbSet<PortLease> PortLeases => Set<PortLease>();
    public DbSet<Operation> Operations => Set<Operation>();
    public DbSet<Backup> Backups => Set<Backup>();
    public DbSet<BackupPolicy> BackupPolicies => Set<BackupPolicy>();
    public DbSet<Alert> Alerts => Set<Alert>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<IdempotencyRecord> IdempotencyRecords => Set<IdempotencyRecord>();
    public DbSet<Mail> Mails => Set<Mail>();
    public DbSet<LedgerAccount> LedgerAccounts => Set<LedgerAccount>();
    public DbSet<Journal> Journals => Set<Journal>();
    public DbSet<Entry> Entries => Set<Entry>();
    public DbSet<ShareContract> ShareContracts => Set<ShareContract>();
    public DbSet<ClosedMonth> ClosedMonths => Set<ClosedMonth>();
    public DbSet<ShareAccrual> ShareAccruals => Set<ShareAccrual>();
    public DbSet<AccruedPart> AccruedParts => Set<AccruedPart>();
    public DbSet<PartyProfile> Parties => Set<PartyProfile>();
    public DbSet<Payout> Payouts => Set<Payout>();
    public DbSet<CoveredJournal> CoveredJournals => Set<CoveredJournal>();
    public DbSet<IssuedStatement> IssuedStatements => Set<IssuedStatement>();
    public DbSet<BillingTime> BillingTimes => Set<BillingTime>();
    public DbSet<InboxEvent> InboxEvents => Set<InboxEvent>();
    public DbSet<Difference> Differences => Set<Difference>();
    public DbSet<ReconciliationRun> ReconciliationRuns => Set<ReconciliationRun>();
    public DbSet<TransferReversal> TransferReversals => Set<TransferReversal>();
    public DbSet<Reseller> Resellers => Set<Reseller>();
    public DbSet<WhiteLabel> WhiteLabels => Set<WhiteLabel>();
    public DbSet<ResellerIntegration> ResellerIntegrations => Set<ResellerIntegration>();
    public DbSet<ResellerCustomer> ResellerCustomers => Set<ResellerCustomer>();
    public DbSet<ManagedResource> ManagedResources => Set<ManagedResource>();
    public DbSet<ResourceCommand> ResourceCommands => Set<ResourceCommand>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<SignOnTicket> SignOnTickets => Set<SignOnTicket>();
    public DbSet<PlatformRecord> PlatformRecords => Set<PlatformRecord>();
    public DbSet<WebhookEndpoint> WebhookEndpoints => Set<WebhookEndpoint>();
    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    OrganizationId? CurrentOrganization => Scope.Organization;
    ResellerId? CurrentReseller => Scope.Reseller;
    bool IsFleet => Scope.IsFleet;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<OrganizationId>().HaveConversion<IdConverter<OrganizationId>>();
        configurationBuilder.Properties<UserId>().HaveConversion<IdConverter<UserId>>();
        configurationBuilder.Properties<InstanceId>().HaveConversion<IdConverter<InstanceId>>();
        configurationBuilder.Properties<OperationId>().HaveConversion<IdConverter<OperationId>>();
        configurationBuilder.Properties<BackupId>().HaveConversion<IdConverter<BackupId>>();
        configurationBuilder.Properties<TokenId>().HaveConversion<IdConverter<TokenId>>();
        configurationBuilder.Properties<AlertId>().HaveConversion<IdConverter<AlertId>>();
        configurationBuilder.Properties<AuditId>().HaveConversion<IdConverter<AuditId>>();
        configurationBuilder.Properties<MailId>().HaveConversion<IdConverter<MailId>>();
        configurationBuilder.Properties<Role>().HaveConversion<LowercaseEnum<Role>>();
        configurationBuilder.Properties<DesiredState>().HaveConversion<LowercaseEnum<DesiredState>>();
        configurationBuilder.Properties<InstanceState>().HaveConversion<LowercaseEnum<InstanceState>>();
        configurationBuilder.Properties<InstanceHealth>().HaveConversion<LowercaseEnum<InstanceHealth>>();
        configurationBuilder.Properties<OperationState>().HaveConversion<LowercaseEnum<OperationState>>();
        configurationBuilder.Properties<BackupState>().HaveConversion<LowercaseEnum<BackupState>>();
        configurationBuilder.Properties<BackupTrigger>().HaveConversion<LowercaseEnum<BackupTrigger>>();
        configurationBuilder.Properties<BackupSchedule>().HaveConversion<LowercaseEnum<BackupSchedule>>();
        configurationBuilder.Properties<AlertSeverity>().HaveConversion<LowercaseEnum<AlertSeverity>>();
        configurationBuilder.Properties<ActorKind>().HaveConversion<LowercaseEnum<ActorKind>>();
        BillingModel.Convert(configurationBuilder);
        LedgerModel.Convert(configurationBuilder);
        InboxModel.Convert(configurationBuilder);
        ResellerModel.Convert(configurationBuilder);
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        NameIdentityTables(builder);
        BillingModel.Build(builder);
        FilterBilling(builder);
        LedgerModel.Build(builder);
        InboxModel.Build(builder);
        ResellerModel.Build(builder);
        FilterResellers(builder);
        builder.Entity<BillingTime>().Property(t => t.Id).ValueGeneratedNever();

        builder.Entity<User>().Ignore(u => u.UserId);
        builder.Entity<User>().HasIndex(u => u.NormalizedEmail).IsUnique().HasDatabaseName("ix_users_normalized_email");
        builder.Entity<OperatorClaim>().HasKey(c => c.TokenHash);
        builder.Entity<Organization>().HasQueryFilter(TenantFilter, o => IsFleet || o.Id == CurrentOrganization);
        builder.Entity<Membership>(membership =>
        {
            membership.HasKey(m => new { m.OrganizationId, m.UserId });
            membership.HasIndex(m => m.UserId);
            membership.HasOne<Organization>().WithMany().HasForeignKey(m => m.OrganizationId);
            membership.HasQueryFilter(TenantFilter, m => IsFleet || m.OrganizationId == CurrentOrganization);
        });
        builder.Entity<ApiToken>(token =>
        {
            token.HasIndex(t => t.SecretHash).IsUnique();
            token.HasIndex(t => t.OrganizationId);
            token.HasOne<Organization>().WithMany().HasForeignKey(t => t.OrganizationId);
            token.HasQueryFilter(TenantFilter, t => IsFleet || t.OrganizationId == CurrentOrganization);
        });
        builder.Entity<Instance>(instance =>
        {
            instance.Ignore(i => i.IsDeletedOrGoing);
            instance.Property<uint>("xmin").IsRowVersion();
            instance.HasOne<Organization>().WithMany().HasForeignKey(i => i.OrganizationId).OnDelete(DeleteBehavior.Restrict);
            instance.HasOne<PlanVersion>().WithMany().HasForeignKey(i => new { i.PlanKey, i.PlanVersion }).OnDelete(DeleteBehavior.Restrict);
            instance.HasIndex(i => new { i.OrganizationId, i.Name }).IsUnique().HasFilter("desired <> 'deleted'");
            instance.HasIndex(i => i.PurgeAt).HasFilter("purge_at IS NOT NULL");
            instance.HasQueryFilter(TenantFilter, i => IsFleet || i.OrganizationId == CurrentOrganization);
        });
        builder.Entity<InstanceSample>(sample =>
        {
            sample.HasKey(s => new { s.InstanceId, s.At });
            sample.HasOne<Instance>().WithMany().HasForeignKey(s => s.InstanceId);
            sample.Property(s => s.Queues).HasColumnType("jsonb");
            sample.HasIndex(s => s.At);
            sample.HasQueryFilter(TenantFilter, s => IsFleet || s.OrganizationId == CurrentOrganization);
        });
        builder.Entity<PortLease>(lease =>
        {
            lease.HasKey(l => new { l.Host, l.Port });
            lease.HasIndex(l => new { l.InstanceId, l.Use }).IsUnique();
        });
        builder.Entity<Operation>(operation =>
        {
            operation.Ignore(o => o.IsFinished);
            operation.Property(o => o.Data).HasColumnType("jsonb");
            operation.HasIndex(o => o.RunAt).HasDatabaseName("ix_operations_due").HasFilter("state IN ('pending', 'running')");
            operation.HasIndex(o => new { o.Subject, o.Id }).HasDatabaseName("ix_operations_subject_unfinished").HasFilter("state IN ('pending', 'running')");
            operation.HasIndex(o => new { o.OrganizationId, o.Id });
            operation.HasQueryFilter(TenantFilter, o => IsFleet || o.OrganizationId == CurrentOrganization);
        });
        builder.Entity<Backup>(backup =>
        {
            backup.HasIndex(b => new { b.InstanceId, b.CreatedAt });
            backup.HasOne<Instance>().WithMany().HasForeignKey(b => b.InstanceId).OnDelete(DeleteBehavior.Restrict);
            backup.HasQueryFilter(TenantFilter, b => IsFleet || b.OrganizationId == CurrentOrganization);
        });
        builder.Entity<BackupPolicy>(policy =>
        {
            policy.HasKey(p => p.InstanceId);
            policy.Ignore(p => p.IntervalMinutes);
            policy.HasOne<Instance>().WithMany().HasForeignKey(p => p.InstanceId);
            policy.HasIndex(p => p.NextRunAt).HasFilter("enabled");
            policy.HasQueryFilter(TenantFilter, p => IsFleet || p.OrganizationId == CurrentOrganization);
        });
        builder.Entity<Alert>(alert =>
        {
            alert.HasIndex(a => new { a.Kind, a.Subject }).IsUnique().HasFilter("resolved_at IS NULL").HasDatabaseName("ix_alerts_open");
            alert.HasIndex(a => a.OrganizationId);
            alert.HasQueryFilter(TenantFilter, a => IsFleet || a.OrganizationId == CurrentOrganization);
        });
        builder.Entity<Mail>().HasIndex(m => m.NextTryAt).HasFilter("next_try_at IS NOT NULL").HasDatabaseName("ix_mails_due");
        builder.Entity<AuditEntry>(entry =>
        {
            entry.HasIndex(e => new { e.OrganizationId, e.Id });
            entry.HasQueryFilter(TenantFilter, e => IsFleet || e.OrganizationId == CurrentOrganization);
        });
        builder.Entity<IdempotencyRecord>(record =>
        {
            record.HasKey(r => new { r.Caller, r.Key });
            record.HasIndex(r => r.CreatedAt);
            // An anonymous caller's record belongs to no tenant; its name is the hash of what only that caller knows.
            record.HasQueryFilter(TenantFilter, r => IsFleet || r.OrganizationId == null || r.OrganizationId == CurrentOrganization);
        });
    }

    void FilterBilling(ModelBuilder builder)
    {
        builder.Entity<EntitlementOverride>().HasQueryFilter(TenantFilter, o => IsFleet || o.OrganizationId == CurrentOrganization);
        builder.Entity<InstanceEntitlements>().HasQueryFilter(TenantFilter, e => IsFleet || e.OrganizationId == CurrentOrganization);
        builder.Entity<BillingAccount>().HasQueryFilter(TenantFilter, a => IsFleet || a.OrganizationId == CurrentOrganization);
        builder.Entity<ResellerAttribution>().HasQueryFilter(TenantFilter, a => IsFleet || a.OrganizationId == CurrentOrganization);
        builder.Entity<SubscriptionItem>().HasQueryFilter(TenantFilter, i => IsFleet || i.OrganizationId == CurrentOrganization);
        builder.Entity<Invoice>().HasQueryFilter(TenantFilter, i => IsFleet || i.OrganizationId == CurrentOrganization);
        builder.Entity<InvoiceLine>().HasQueryFilter(TenantFilter, l => IsFleet || l.OrganizationId == CurrentOrganization);
        builder.Entity<CreditNote>().HasQueryFilter(TenantFilter, n => IsFleet || n.OrganizationId == CurrentOrganization);
        builder.Entity<Payment>().HasQueryFilter(TenantFilter, p => IsFleet || p.OrganizationId == CurrentOrganization);
        builder.Entity<Refund>().HasQueryFilter(TenantFilter, r => IsFleet || r.OrganizationId == CurrentOrganization);
        builder.Entity<Dispute>().HasQueryFilter(TenantFilter, d => IsFleet || d.OrganizationId == CurrentOrganization);
        builder.Entity<CouponRedemption>().HasQueryFilter(TenantFilter, r => IsFleet || r.OrganizationId == CurrentOrganization);
        builder.Entity<PurchaseIntent>().HasQueryFilter(TenantFilter, p => IsFleet || p.OrganizationId == CurrentOrganization);
        builder.Entity<UsagePeriod>().HasQueryFilter(TenantFilter, u => IsFleet || u.OrganizationId == CurrentOrganization);
    }

    /// <summary>What a reseller has is seen by whoever speaks for it, and where a customer is concerned by that customer too.</summary>
    void FilterResellers(ModelBuilder builder)
    {
        builder.Entity<Reseller>().HasQueryFilter(TenantFilter, r => IsFleet || r.Id == CurrentReseller || r.OrganizationId == CurrentOrganization);
        builder.Entity<WhiteLabel>().HasQueryFilter(TenantFilter, l => IsFleet || l.ResellerId == CurrentReseller);
        builder.Entity<ResellerIntegration>().HasQueryFilter(TenantFilter, i => IsFleet || i.ResellerId == CurrentReseller);
        builder.Entity<ResellerCustomer>().HasQueryFilter(TenantFilter, c => IsFleet || c.ResellerId == CurrentReseller || c.OrganizationId == CurrentOrganization);
        builder.Entity<ManagedResource>().HasQueryFilter(TenantFilter, r => IsFleet || r.ResellerId == CurrentReseller || r.OrganizationId == CurrentOrganization);
        builder.Entity<ResourceCommand>().HasQueryFilter(TenantFilter, c => IsFleet || c.ResellerId == CurrentReseller);
        builder.Entity<PlatformRecord>().HasQueryFilter(TenantFilter, r => IsFleet || r.ResellerId == CurrentReseller);
        builder.Entity<Invitation>().HasQueryFilter(TenantFilter, i => IsFleet || i.OrganizationId == CurrentOrganization);
        builder.Entity<WebhookEndpoint>().HasQueryFilter(TenantFilter, e => IsFleet || e.ResellerId == CurrentReseller);
        builder.Entity<WebhookDelivery>().HasQueryFilter(TenantFilter, d => IsFleet || d.ResellerId == CurrentReseller);
    }

    // EFCore.NamingConventions leaves the names that Identity sets explicitly.
    static void NameIdentityTables(ModelBuilder builder)
    {
        builder.Entity<User>().ToTable("users");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");
        builder.Entity<IdentityUserPasskey<Guid>>().ToTable("user_passkeys");
    }
}
