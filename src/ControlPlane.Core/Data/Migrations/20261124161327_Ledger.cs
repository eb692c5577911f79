using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace ControlPlane.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Ledger : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "closed_months",
                columns: table => new
                {
                    month = table.Column<DateOnly>(type: "date", nullable: false),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    closed_by = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_closed_months", x => x.month);
                });

            migrationBuilder.CreateTable(
                name: "journals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    source_type = table.Column<string>(type: "text", nullable: false),
                    source_id = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    seq = table.Column<int>(type: "integer", nullable: false),
                    line_count = table.Column<int>(type: "integer", nullable: false),
                    effective_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    contract_version_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    reverses = table.Column<Guid>(type: "uuid", nullable: true),
                    correlation = table.Column<string>(type: "text", nullable: true),
                    actor = table.Column<string>(type: "text", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    mode = table.Column<string>(type: "text", nullable: false),
                    memo = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_journals", x => x.id);
                    table.ForeignKey(
                        name: "fk_journals_journals_reverses",
                        column: x => x.reverses,
                        principalTable: "journals",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ledger_accounts",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    code = table.Column<string>(type: "text", nullable: false),
                    party_id = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ledger_accounts", x => x.id);
                    table.UniqueConstraint("ak_ledger_accounts_id_currency", x => new { x.id, x.currency });
                });

            migrationBuilder.CreateTable(
                name: "share_contracts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    party_kind = table.Column<string>(type: "text", nullable: false),
                    party_id = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    scope = table.Column<string>(type: "text", nullable: false),
                    scope_key = table.Column<string>(type: "text", nullable: false),
                    basis = table.Column<string>(type: "text", nullable: false),
                    rate_ppm = table.Column<int>(type: "integer", nullable: true),
                    fixed_minor = table.Column<long>(type: "bigint", nullable: true),
                    currency = table.Column<string>(type: "text", nullable: true),
                    valid_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    valid_to = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    hold_days = table.Column<int>(type: "integer", nullable: false),
                    release = table.Column<string>(type: "text", nullable: false),
                    min_payout_minor = table.Column<long>(type: "bigint", nullable: false),
                    fee_on_refund = table.Column<string>(type: "text", nullable: false),
                    dispute_fee = table.Column<string>(type: "text", nullable: false),
                    rate_selector = table.Column<string>(type: "text", nullable: false),
                    document_ref = table.Column<string>(type: "text", nullable: true),
                    approved_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_share_contracts", x => x.id);
                    table.CheckConstraint("ck_share_contracts_basis", "CASE basis WHEN 'per_unit' THEN rate_ppm IS NULL AND fixed_minor >= 0 AND currency IS NOT NULL ELSE rate_ppm BETWEEN 0 AND 1000000 AND fixed_minor IS NULL END");
                });

            migrationBuilder.CreateTable(
                name: "entries",
                columns: table => new
                {
                    journal_id = table.Column<Guid>(type: "uuid", nullable: false),
                    line = table.Column<int>(type: "integer", nullable: false),
                    account_id = table.Column<int>(type: "integer", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_entries", x => new { x.journal_id, x.line });
                    table.CheckConstraint("ck_entries_amount", "amount <> 0");
                    table.ForeignKey(
                        name: "fk_entries_journals_journal_id",
                        column: x => x.journal_id,
                        principalTable: "journals",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_entries_ledger_accounts_account_id_currency",
                        columns: x => new { x.account_id, x.currency },
                        principalTable: "ledger_accounts",
                        principalColumns: new[] { "id", "currency" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_entries_account_id_currency",
                table: "entries",
                columns: new[] { "account_id", "currency" });

            migrationBuilder.CreateIndex(
                name: "ix_journals_correlation",
                table: "journals",
                column: "correlation",
                filter: "correlation IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_journals_posted_at",
                table: "journals",
                column: "posted_at");

            migrationBuilder.CreateIndex(
                name: "ix_journals_reverses",
                table: "journals",
                column: "reverses");

            migrationBuilder.CreateIndex(
                name: "ix_journals_source_type_source_id_kind_seq",
                table: "journals",
                columns: new[] { "source_type", "source_id", "kind", "seq" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_ledger_accounts_code_party_id_currency",
                table: "ledger_accounts",
                columns: new[] { "code", "party_id", "currency" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_share_contracts_party_kind_party_id_version",
                table: "share_contracts",
                columns: new[] { "party_kind", "party_id", "version" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "closed_months");

            migrationBuilder.DropTable(
                name: "entries");

            migrationBuilder.DropTable(
                name: "share_contracts");

            migrationBuilder.DropTable(
                name: "journals");

            migrationBuilder.DropTable(
                name: "ledger_accounts");
        }
    }
}
