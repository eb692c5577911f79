using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Reversals;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Inbox;

/// <summary>The tables between us and a payment provider. Grants and what the database refuses are in the migration InboxRules.</summary>
static class InboxModel
{
    internal static void Convert(ModelConfigurationBuilder configuration)
    {
        configuration.Properties<InboxEventId>().HaveConversion<IdConverter<InboxEventId>>();
        configuration.Properties<DifferenceId>().HaveConversion<IdConverter<DifferenceId>>();
        configuration.Properties<ReconciliationRunId>().HaveConversion<IdConverter<ReconciliationRunId>>();
        configuration.Properties<TransferReversalId>().HaveConversion<IdConverter<TransferReversalId>>();
        configuration.Properties<InboxState>().HaveConversion<LowercaseEnum<InboxState>>();
        configuration.Properties<InboxOrigin>().HaveConversion<LowercaseEnum<InboxOrigin>>();
        configuration.Properties<ComparedKind>().HaveConversion<LowercaseEnum<ComparedKind>>();
        configuration.Properties<DifferenceClass>().HaveConversion<LowercaseEnum<DifferenceClass>>();
        configuration.Properties<ReconciliationKind>().HaveConversion<LowercaseEnum<ReconciliationKind>>();
        configuration.Properties<ReversalState>().HaveConversion<LowercaseEnum<ReversalState>>();
    }

    internal static void Build(ModelBuilder builder)
    {
        builder.Entity<InboxEvent>(stored =>
        {
            stored.HasIndex(e => new { e.Provider, e.Account, e.EventId }).IsUnique();
            stored.HasIndex(e => new { e.NextAttemptAt, e.Id }).HasFilter("state = 'pending'").HasDatabaseName("ix_inbox_events_due");
            stored.HasIndex(e => new { e.ObjectType, e.ObjectId }).HasDatabaseName("ix_inbox_events_object");
            stored.HasIndex(e => e.State).HasFilter("state IN ('parked', 'dead')").HasDatabaseName("ix_inbox_events_waiting");
            stored.HasIndex(e => e.FinishedAt).HasFilter("finished_at IS NOT NULL");
        });
        builder.Entity<Difference>(difference =>
        {
            difference.HasIndex(d => new { d.Kind, d.Subject, d.Class }).IsUnique().HasFilter("resolved_at IS NULL").HasDatabaseName("ix_differences_open");
            difference.HasIndex(d => d.ResolvedAt);
        });
        builder.Entity<ReconciliationRun>().HasIndex(r => new { r.Kind, r.StartedAt });
        builder.Entity<TransferReversal>(reversal =>
        {
            reversal.Ignore(r => r.Party).Ignore(r => r.Amount);
            reversal.HasIndex(r => r.PayoutId);
            reversal.HasIndex(r => r.State).HasFilter("state = 'sending'").HasDatabaseName("ix_transfer_reversals_unfinished");
            reversal.HasOne<Payout>().WithMany().HasForeignKey(r => r.PayoutId).OnDelete(DeleteBehavior.Restrict);
            reversal.ToTable(table => table.HasCheckConstraint("ck_transfer_reversals_amount", "amount_minor > 0"));
        });
    }
}
