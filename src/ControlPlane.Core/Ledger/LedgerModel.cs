using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger.Shares;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger;

/// <summary>The ledger's tables. What the database itself refuses is in the migration LedgerRules.</summary>
static class LedgerModel
{
    internal static void Convert(ModelConfigurationBuilder configuration)
    {
        configuration.Properties<JournalId>().HaveConversion<IdConverter<JournalId>>();
        configuration.Properties<ContractId>().HaveConversion<IdConverter<ContractId>>();
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
    }
}
