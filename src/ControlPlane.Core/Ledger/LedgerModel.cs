using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger.Parties;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Core.Ledger.Statements;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger;

/// <summary>The ledger's tables. What the database itself refuses is in the migration LedgerRules.</summary>
static class LedgerModel
{
    internal static void Convert(ModelConfigurationBuilder configuration)
    {
        configuration.Properties<JournalId>().HaveConversion<IdConverter<JournalId>>();
        configuration.Properties<ContractId>().HaveConversion<IdConverter<ContractId>>();
        configuration.Properties<ShareAccrualId>().HaveConversion<IdConverter<ShareAccrualId>>();
        configuration.Properties<PayoutId>().HaveConversion<IdConverter<PayoutId>>();
        configuration.Properties<PayoutRail>().HaveConversion<LowercaseEnum<PayoutRail>>();
        configuration.Properties<PayoutState>().HaveConversion<LowercaseEnum<PayoutState>>();
        configuration.Properties<AccountKind>().HaveConversion<LowercaseEnum<AccountKind>>();
        configuration.Properties<JournalKind>().HaveConversion<LowercaseEnum<JournalKind>>();
        configuration.Properties<LedgerMode>().HaveConversion<LowercaseEnum<LedgerMode>>();
        configuration.Properties<PartyKind>().HaveConversion<LowercaseEnum<PartyKind>>();
        configuration.Properties<ShareScope>().HaveConversion<LowercaseEnum<ShareScope>>();
        configuration.Properties<ShareBasis>().HaveConversion<LowercaseEnum<ShareBasis>>();
        configuration.Properties<ShareRelease>().HaveConversion<LowercaseEnum<ShareRelease>>();
        configuration.Properties<RefundFeeRule>().HaveConversion<LowercaseEnum<RefundFeeRule>>();
        configuration.Properties<DisputeFeeRule>().HaveConversion<LowercaseEnum<DisputeFeeRule>>();
        configuration.Properties<RateSelector>().HaveConversion<LowercaseEnum<RateSelector>>();
    }

    internal static void Build(ModelBuilder builder)
    {
        builder.Entity<LedgerAccount>(account =>
        {
            account.HasAlternateKey(a => new { a.Id, a.Currency });
            account.HasIndex(a => new { a.Code, a.PartyId, a.Currency }).IsUnique();
        });
        builder.Entity<Journal>(journal =>
        {
            journal.HasIndex(j => new { j.SourceType, j.SourceId, j.Kind, j.Seq }).IsUnique();
            journal.HasIndex(j => j.PostedAt);
            journal.HasIndex(j => j.Correlation).HasFilter("correlation IS NOT NULL");
            journal.HasOne<Journal>().WithMany().HasForeignKey(j => j.Reverses).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<Entry>(entry =>
        {
            entry.HasKey(e => new { e.JournalId, e.Line });
            entry.HasOne<Journal>().WithMany().HasForeignKey(e => e.JournalId).OnDelete(DeleteBehavior.Restrict);
            entry.HasOne<LedgerAccount>().WithMany().HasForeignKey(e => new { e.AccountId, e.Currency }).HasPrincipalKey(a => new { a.Id, a.Currency }).OnDelete(DeleteBehavior.Restrict);
            entry.ToTable(table => table.HasCheckConstraint("ck_entries_amount", "amount <> 0"));
        });
        builder.Entity<ShareContract>(contract =>
        {
            contract.Ignore(c => c.Party);
            contract.HasIndex(c => new { c.PartyKind, c.PartyId, c.Version }).IsUnique();
            contract.ToTable(table => table.HasCheckConstraint(
                "ck_share_contracts_basis",
                "CASE basis WHEN 'per_unit' THEN rate_ppm IS NULL AND fixed_minor >= 0 AND currency IS NOT NULL ELSE rate_ppm BETWEEN 0 AND 1000000 AND fixed_minor IS NULL END"));
        });
        builder.Entity<ClosedMonth>().HasKey(m => m.Month);
        BuildShares(builder);
        BuildPayouts(builder);
    }

    static void BuildShares(ModelBuilder builder)
    {
        builder.Entity<ShareAccrual>(accrual =>
        {
            accrual.Ignore(a => a.Party).Ignore(a => a.Terms).Ignore(a => a.Position);
            accrual.HasIndex(a => new { a.PaymentId, a.PartyKind, a.PartyId, a.Currency }).IsUnique();
            accrual.HasIndex(a => a.NextReleaseAt).HasFilter("next_release_at IS NOT NULL AND frozen_at IS NULL").HasDatabaseName("ix_share_accruals_due");
            accrual.HasMany(a => a.Parts).WithOne().HasForeignKey(p => p.AccrualId).OnDelete(DeleteBehavior.Restrict);
            accrual.ToTable(table => table.HasCheckConstraint(
                "ck_share_accruals_position", "share_minor > 0 AND reversed_held_minor >= 0 AND reversed_payable_minor >= 0 AND released_minor >= 0 AND reversed_held_minor + released_minor <= share_minor"));
        });
        builder.Entity<AccruedPart>(part =>
        {
            part.HasKey(p => new { p.AccrualId, p.ContractId });
            part.HasOne<ShareContract>().WithMany().HasForeignKey(p => p.ContractId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<IssuedStatement>(statement =>
        {
            statement.HasKey(s => new { s.PartyKind, s.PartyId, s.Currency, s.Month });
            statement.HasIndex(s => new { s.PartyKind, s.PartyId, s.Number }).IsUnique();
            statement.Property(s => s.PartyThen).HasColumnType("jsonb");
        });
    }

    static void BuildPayouts(ModelBuilder builder)
    {
        builder.Entity<PartyProfile>(party =>
        {
            party.HasKey(p => new { p.Kind, p.Id });
            party.Ignore(p => p.Party);
            party.HasIndex(p => p.OrganizationId).HasFilter("organization_id IS NOT NULL");
            party.HasOne<Organization>().WithMany().HasForeignKey(p => p.OrganizationId).OnDelete(DeleteBehavior.SetNull);
        });
        builder.Entity<Payout>(payout =>
        {
            payout.Ignore(p => p.Party).Ignore(p => p.Amount);
            payout.HasIndex(p => new { p.PartyKind, p.PartyId, p.Currency, p.CutOff }).IsUnique();
            payout.HasIndex(p => p.State).HasFilter("state IN ('pending_approval', 'approved', 'sending', 'sent')").HasDatabaseName("ix_payouts_unfinished");
            payout.HasOne<PartyProfile>().WithMany().HasForeignKey(p => new { p.PartyKind, p.PartyId }).OnDelete(DeleteBehavior.Restrict);
            payout.ToTable(table => table.HasCheckConstraint("ck_payouts_amount", "amount_minor > 0"));
        });
        builder.Entity<CoveredJournal>(covered =>
        {
            covered.HasKey(c => new { c.JournalId, c.AccountId });
            covered.HasIndex(c => c.PayoutId);
            covered.HasOne<Payout>().WithMany().HasForeignKey(c => c.PayoutId).OnDelete(DeleteBehavior.Restrict);
            covered.HasOne<Journal>().WithMany().HasForeignKey(c => c.JournalId).OnDelete(DeleteBehavior.Restrict);
        });
    }
}
