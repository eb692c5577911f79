using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Coupons;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Billing.Stripe.Purchases;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Billing.Usage;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing;

/// <summary>The tables of plans and billing. Grants, row security and what the database refuses are in the migration BillingRules.</summary>
static class BillingModel
{
    internal static void Convert(ModelConfigurationBuilder configuration)
    {
        configuration.Properties<OverrideId>().HaveConversion<IdConverter<OverrideId>>();
        configuration.Properties<SubscriptionItemId>().HaveConversion<IdConverter<SubscriptionItemId>>();
        configuration.Properties<InvoiceId>().HaveConversion<IdConverter<InvoiceId>>();
        configuration.Properties<PaymentId>().HaveConversion<IdConverter<PaymentId>>();
        configuration.Properties<RefundId>().HaveConversion<IdConverter<RefundId>>();
        configuration.Properties<CreditNoteId>().HaveConversion<IdConverter<CreditNoteId>>();
        configuration.Properties<DisputeId>().HaveConversion<IdConverter<DisputeId>>();
        configuration.Properties<PurchaseId>().HaveConversion<IdConverter<PurchaseId>>();
        configuration.Properties<PurchaseState>().HaveConversion<LowercaseEnum<PurchaseState>>();
        configuration.Properties<BillingInterval>().HaveConversion<LowercaseEnum<BillingInterval>>();
        configuration.Properties<BillingProvider>().HaveConversion<LowercaseEnum<BillingProvider>>();
        configuration.Properties<DunningState>().HaveConversion<LowercaseEnum<DunningState>>();
        configuration.Properties<SubscriptionItemState>().HaveConversion<LowercaseEnum<SubscriptionItemState>>();
        configuration.Properties<InvoiceState>().HaveConversion<LowercaseEnum<InvoiceState>>();
        configuration.Properties<InvoiceReason>().HaveConversion<LowercaseEnum<InvoiceReason>>();
        configuration.Properties<RefundState>().HaveConversion<LowercaseEnum<RefundState>>();
        configuration.Properties<DisputeState>().HaveConversion<LowercaseEnum<DisputeState>>();
        configuration.Properties<CouponDuration>().HaveConversion<LowercaseEnum<CouponDuration>>();
    }

    internal static void Build(ModelBuilder builder)
    {
        BuildPlans(builder);
        builder.Entity<BillingAccount>(account =>
        {
            account.HasKey(a => a.OrganizationId);
            account.Ignore(a => a.PeriodStart).Ignore(a => a.PeriodEnd).Ignore(a => a.Mask);
            account.HasOne<Organization>().WithMany().HasForeignKey(a => a.OrganizationId).OnDelete(DeleteBehavior.Restrict);
            account.HasIndex(a => a.ProviderCustomerId).IsUnique();
        });
        builder.Entity<ResellerAttribution>().HasKey(a => new { a.OrganizationId, a.ValidFrom });
        builder.Entity<SubscriptionItem>(item =>
        {
            item.Ignore(i => i.IsLiving);
            item.HasIndex(i => new { i.OrganizationId, i.State });
            item.HasIndex(i => i.InstanceId).IsUnique().HasFilter("NOT is_add_on AND state <> 'ended'").HasDatabaseName("ix_subscription_items_living");
            item.HasOne<Instance>().WithMany().HasForeignKey(i => i.InstanceId).OnDelete(DeleteBehavior.Restrict);
            item.HasOne<PlanVersion>().WithMany().HasForeignKey(i => new { i.PlanKey, i.PlanVersion }).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<Invoice>(invoice =>
        {
            invoice.Ignore(i => i.ExTaxMinor).Ignore(i => i.OpenMinor);
            invoice.HasIndex(i => i.Number).IsUnique();
            invoice.HasIndex(i => new { i.OrganizationId, i.IssuedAt });
            invoice.HasIndex(i => i.DueAt).HasFilter("state = 'open'");
            invoice.HasIndex(i => i.ProviderInvoiceId).IsUnique();
            invoice.Property(i => i.BillTo).HasColumnType("jsonb");
            invoice.HasMany(i => i.Lines).WithOne().HasForeignKey(l => l.InvoiceId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<InvoiceLine>().HasKey(l => new { l.InvoiceId, l.Line });
        builder.Entity<InvoiceLine>().Ignore(l => l.ExTaxMinor);
        builder.Entity<CreditNote>().HasIndex(n => n.Number).IsUnique();
        builder.Entity<CreditNote>().HasOne<Invoice>().WithMany().HasForeignKey(n => n.InvoiceId).OnDelete(DeleteBehavior.Restrict);
        builder.Entity<DocumentNumber>().HasKey(n => new { n.Kind, n.Year });
        builder.Entity<Payment>(payment =>
        {
            payment.Ignore(p => p.RefundableMinor);
            payment.HasIndex(p => new { p.Provider, p.ProviderReference }).IsUnique();
            payment.HasIndex(p => new { p.OrganizationId, p.ReceivedAt });
            payment.HasOne<Invoice>().WithMany().HasForeignKey(p => p.InvoiceId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<Refund>().HasOne<Payment>().WithMany().HasForeignKey(r => r.PaymentId).OnDelete(DeleteBehavior.Restrict);
        builder.Entity<Refund>().HasIndex(r => r.ProviderReference);
        builder.Entity<Dispute>().HasOne<Payment>().WithMany().HasForeignKey(d => d.PaymentId).OnDelete(DeleteBehavior.Restrict);
        builder.Entity<Dispute>().HasIndex(d => d.ProviderReference).IsUnique();
        builder.Entity<Coupon>().HasKey(c => c.Code);
        builder.Entity<CouponRedemption>().HasKey(r => new { r.OrganizationId, r.Code });
        // No foreign keys: it is stored beside the transaction that holds locks on what it is about, or makes it.
        builder.Entity<PurchaseIntent>().HasIndex(p => new { p.OrganizationId, p.State });
        builder.Entity<UsagePeriod>().HasKey(u => new { u.InstanceId, u.PeriodStart });
    }

    static void BuildPlans(ModelBuilder builder)
    {
        builder.Entity<Product>().HasKey(p => p.Key);
        builder.Entity<Product>().HasData(SeedPlans.Products);
        builder.Entity<Plan>(plan =>
        {
            plan.HasKey(p => p.Key);
            plan.HasOne<Product>().WithMany().HasForeignKey(p => p.ProductKey).OnDelete(DeleteBehavior.Restrict);
            plan.HasData(SeedPlans.All);
        });
        builder.Entity<PlanVersion>(version =>
        {
            version.HasKey(v => new { v.PlanKey, v.Version });
            version.HasOne<Plan>().WithMany().HasForeignKey(v => v.PlanKey).OnDelete(DeleteBehavior.Restrict);
            version.HasData(SeedPlans.Versions);
        });
        builder.Entity<PlanPrice>(price =>
        {
            price.HasKey(p => new { p.PlanKey, p.Version, p.Currency, p.Interval });
            price.Ignore(p => p.LookupKey);
            price.HasOne<PlanVersion>().WithMany().HasForeignKey(p => new { p.PlanKey, p.Version }).OnDelete(DeleteBehavior.Restrict);
            price.HasData(SeedPlans.Prices);
        });
        builder.Entity<PlanEntitlement>(entitlement =>
        {
            entitlement.HasKey(e => new { e.PlanKey, e.Version, e.Key });
            entitlement.HasOne<PlanVersion>().WithMany().HasForeignKey(e => new { e.PlanKey, e.Version }).OnDelete(DeleteBehavior.Restrict);
            entitlement.HasData(SeedPlans.Entitlements);
        });
        builder.Entity<InstanceEntitlements>(entitlements =>
        {
            entitlements.HasKey(e => e.InstanceId);
            entitlements.Ignore(e => e.Limits);
            entitlements.Property(e => e.Values).HasColumnType("jsonb");
            entitlements.HasOne<Instance>().WithMany().HasForeignKey(e => e.InstanceId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<EntitlementOverride>().HasIndex(o => o.OrganizationId);
        builder.Entity<EntitlementOverride>().HasIndex(o => o.ExpiresAt).HasFilter("expires_at IS NOT NULL AND revoked_at IS NULL");
    }
}
