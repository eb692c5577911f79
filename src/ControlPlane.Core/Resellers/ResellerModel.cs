using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Resellers;

/// <summary>The tables of resellers. Grants and row security are in the migration ResellerRules.</summary>
static class ResellerModel
{
    internal static void Convert(ModelConfigurationBuilder configuration)
    {
        configuration.Properties<ResellerId>().HaveConversion<IdConverter<ResellerId>>();
        configuration.Properties<IntegrationId>().HaveConversion<IdConverter<IntegrationId>>();
        configuration.Properties<ManagedResourceId>().HaveConversion<IdConverter<ManagedResourceId>>();
        configuration.Properties<WebhookId>().HaveConversion<IdConverter<WebhookId>>();
        configuration.Properties<DeliveryId>().HaveConversion<IdConverter<DeliveryId>>();
        configuration.Properties<InvitationId>().HaveConversion<IdConverter<InvitationId>>();
        configuration.Properties<ResellerMode>().HaveConversion<LowercaseEnum<ResellerMode>>();
        configuration.Properties<ResellerStatus>().HaveConversion<LowercaseEnum<ResellerStatus>>();
        configuration.Properties<Dialect>().HaveConversion<LowercaseEnum<Dialect>>();
        configuration.Properties<ManagedState>().HaveConversion<LowercaseEnum<ManagedState>>();
        configuration.Properties<TakeOverSide>().HaveConversion<LowercaseEnum<TakeOverSide>>();
        configuration.Properties<DeliveryState>().HaveConversion<LowercaseEnum<DeliveryState>>();
    }

    internal static void Build(ModelBuilder builder)
    {
        builder.Entity<Reseller>(reseller =>
        {
            reseller.Ignore(r => r.Party);
            reseller.HasIndex(r => r.OrganizationId).IsUnique();
            reseller.HasIndex(r => r.PartyId).IsUnique();
            reseller.HasOne<Organization>().WithMany().HasForeignKey(r => r.OrganizationId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<WhiteLabel>(label =>
        {
            label.HasKey(l => l.ResellerId);
            label.HasIndex(l => l.Domain).IsUnique();
            label.HasOne<Reseller>().WithMany().HasForeignKey(l => l.ResellerId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<ResellerIntegration>(integration =>
        {
            integration.HasIndex(i => new { i.Dialect, i.Key }).IsUnique();
            integration.HasIndex(i => i.ResellerId);
            integration.Property(i => i.Settings).HasColumnType("jsonb");
            integration.HasOne<Reseller>().WithMany().HasForeignKey(i => i.ResellerId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<ResellerCustomer>(customer =>
        {
            customer.HasKey(c => new { c.ResellerId, c.OrganizationId });
            customer.HasIndex(c => new { c.ResellerId, c.IsSandbox, c.ExternalId }).IsUnique();
            customer.HasIndex(c => c.OrganizationId).IsUnique().HasFilter("ended_at IS NULL").HasDatabaseName("ix_reseller_customers_managed");
            customer.HasOne<Reseller>().WithMany().HasForeignKey(c => c.ResellerId).OnDelete(DeleteBehavior.Restrict);
            customer.HasOne<Organization>().WithMany().HasForeignKey(c => c.OrganizationId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<ManagedResource>(resource =>
        {
            resource.Ignore(r => r.IsLiving);
            resource.HasIndex(r => new { r.IntegrationId, r.ExternalId }).IsUnique();
            resource.HasIndex(r => r.InstanceId).IsUnique().HasFilter("ended_at IS NULL").HasDatabaseName("ix_managed_resources_living");
            resource.HasIndex(r => new { r.ResellerId, r.Id });
            resource.HasIndex(r => r.OrganizationId);
            resource.HasOne<ResellerIntegration>().WithMany().HasForeignKey(r => r.IntegrationId).OnDelete(DeleteBehavior.Restrict);
            resource.HasOne<Instance>().WithMany().HasForeignKey(r => r.InstanceId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<ResourceCommand>().HasKey(c => new { c.ResourceId, c.CommandId });
        builder.Entity<ResourceCommand>().HasOne<ManagedResource>().WithMany().HasForeignKey(c => c.ResourceId).OnDelete(DeleteBehavior.Restrict);
        builder.Entity<PlatformRecord>(record =>
        {
            record.HasKey(r => new { r.IntegrationId, r.Kind, r.ExternalId });
            record.HasIndex(r => r.ResourceId);
            record.Ignore(r => r.SealedFor);
            record.Property(r => r.Data).HasColumnType("jsonb");
            record.HasOne<ResellerIntegration>().WithMany().HasForeignKey(r => r.IntegrationId).OnDelete(DeleteBehavior.Restrict);
            record.HasOne<ManagedResource>().WithMany().HasForeignKey(r => r.ResourceId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<Invitation>().HasIndex(i => i.SecretHash).IsUnique();
        builder.Entity<Invitation>().HasOne<Organization>().WithMany().HasForeignKey(i => i.OrganizationId).OnDelete(DeleteBehavior.Restrict);
        builder.Entity<SignOnTicket>().HasKey(t => t.SecretHash);
        builder.Entity<SignOnTicket>().HasIndex(t => t.ExpiresAt);
        builder.Entity<WebhookEndpoint>().HasIndex(e => e.ResellerId);
        builder.Entity<WebhookEndpoint>().HasOne<Reseller>().WithMany().HasForeignKey(e => e.ResellerId).OnDelete(DeleteBehavior.Restrict);
        builder.Entity<WebhookDelivery>(delivery =>
        {
            delivery.HasIndex(d => new { d.ResellerId, d.Id });
            delivery.HasOne<WebhookEndpoint>().WithMany().HasForeignKey(d => d.WebhookId).OnDelete(DeleteBehavior.Restrict);
        });
    }
}
