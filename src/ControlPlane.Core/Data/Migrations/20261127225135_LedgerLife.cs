using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class LedgerLife : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "billing_times",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    offset_ticks = table.Column<long>(type: "bigint", nullable: false),
                    advanced_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    advanced_by = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_billing_times", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "issued_statements",
                columns: table => new
                {
                    party_kind = table.Column<string>(type: "text", nullable: false),
                    party_id = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    month = table.Column<DateOnly>(type: "date", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    party_then = table.Column<string>(type: "jsonb", nullable: false),
                    opening_held_minor = table.Column<long>(type: "bigint", nullable: false),
                    opening_payable_minor = table.Column<long>(type: "bigint", nullable: false),
                    opening_in_payout_minor = table.Column<long>(type: "bigint", nullable: false),
                    closing_held_minor = table.Column<long>(type: "bigint", nullable: false),
                    closing_payable_minor = table.Column<long>(type: "bigint", nullable: false),
                    closing_in_payout_minor = table.Column<long>(type: "bigint", nullable: false),
                    issued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_issued_statements", x => new { x.party_kind, x.party_id, x.currency, x.month });
                });

            migrationBuilder.CreateTable(
                name: "parties",
                columns: table => new
                {
                    kind = table.Column<string>(type: "text", nullable: false),
                    id = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    email = table.Column<string>(type: "text", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    country = table.Column<string>(type: "text", nullable: false),
                    tax_id = table.Column<string>(type: "text", nullable: false),
                    tax_id_validated_on = table.Column<DateOnly>(type: "date", nullable: true),
                    tax_rate_ppm = table.Column<int>(type: "integer", nullable: false),
                    is_self_billed = table.Column<bool>(type: "boolean", nullable: false),
                    rail = table.Column<string>(type: "text", nullable: false),
                    destination = table.Column<string>(type: "text", nullable: false),
                    destination_changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    frozen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    frozen_reason = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_parties", x => new { x.kind, x.id });
                });

            migrationBuilder.CreateTable(
                name: "share_accruals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_id = table.Column<string>(type: "text", nullable: false),
                    organization_id = table.Column<string>(type: "text", nullable: false),
                    invoice_id = table.Column<string>(type: "text", nullable: false),
                    party_kind = table.Column<string>(type: "text", nullable: false),
                    party_id = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    sale_minor = table.Column<long>(type: "bigint", nullable: false),
                    share_minor = table.Column<long>(type: "bigint", nullable: false),
                    reversed_held_minor = table.Column<long>(type: "bigint", nullable: false),
                    reversed_payable_minor = table.Column<long>(type: "bigint", nullable: false),
                    released_minor = table.Column<long>(type: "bigint", nullable: false),
                    refund_fee_minor = table.Column<long>(type: "bigint", nullable: false),
                    refund_fee_borne_minor = table.Column<long>(type: "bigint", nullable: false),
                    bears_dispute_fee = table.Column<bool>(type: "boolean", nullable: false),
                    paid_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    hold_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    release = table.Column<string>(type: "text", nullable: false),
                    service_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    service_months = table.Column<int>(type: "integer", nullable: false),
                    parts_released = table.Column<int>(type: "integer", nullable: false),
                    releases = table.Column<int>(type: "integer", nullable: false),
                    next_release_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    frozen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_share_accruals", x => x.id);
                    table.CheckConstraint("ck_share_accruals_position", "share_minor > 0 AND reversed_held_minor >= 0 AND reversed_payable_minor >= 0 AND released_minor >= 0 AND reversed_held_minor + released_minor <= share_minor");
                });

            migrationBuilder.CreateTable(
                name: "payouts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    party_kind = table.Column<string>(type: "text", nullable: false),
                    party_id = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    amount_minor = table.Column<long>(type: "bigint", nullable: false),
                    cut_off = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    carried_minor = table.Column<long>(type: "bigint", nullable: false),
                    rail = table.Column<string>(type: "text", nullable: false),
                    destination = table.Column<string>(type: "text", nullable: false),
                    not_before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    needs_second_person = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reference = table.Column<string>(type: "text", nullable: true),
                    failure_reason = table.Column<string>(type: "text", nullable: true),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    approved_by = table.Column<string>(type: "text", nullable: true),
                    approved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_payouts", x => x.id);
                    table.CheckConstraint("ck_payouts_amount", "amount_minor > 0");
                    table.ForeignKey(
                        name: "fk_payouts_parties_party_kind_party_id",
                        columns: x => new { x.party_kind, x.party_id },
                        principalTable: "parties",
                        principalColumns: new[] { "kind", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "accrued_parts",
                columns: table => new
                {
                    accrual_id = table.Column<Guid>(type: "uuid", nullable: false),
                    contract_id = table.Column<Guid>(type: "uuid", nullable: false),
                    share_minor = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accrued_parts", x => new { x.accrual_id, x.contract_id });
                    table.ForeignKey(
                        name: "fk_accrued_parts_share_accruals_accrual_id",
                        column: x => x.accrual_id,
                        principalTable: "share_accruals",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_accrued_parts_share_contracts_contract_id",
                        column: x => x.contract_id,
                        principalTable: "share_contracts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "covered_journals",
                columns: table => new
                {
                    journal_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<int>(type: "integer", nullable: false),
                    payout_id = table.Column<Guid>(type: "uuid", nullable: false),
                    amount_minor = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_covered_journals", x => new { x.journal_id, x.account_id });
                    table.ForeignKey(
                        name: "fk_covered_journals_journals_journal_id",
                        column: x => x.journal_id,
                        principalTable: "journals",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_covered_journals_payouts_payout_id",
                        column: x => x.payout_id,
                        principalTable: "payouts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_accrued_parts_contract_id",
                table: "accrued_parts",
                column: "contract_id");

            migrationBuilder.CreateIndex(
                name: "ix_covered_journals_payout_id",
                table: "covered_journals",
                column: "payout_id");

            migrationBuilder.CreateIndex(
                name: "ix_issued_statements_party_kind_party_id_number",
                table: "issued_statements",
                columns: new[] { "party_kind", "party_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_payouts_party_kind_party_id_currency_cut_off",
                table: "payouts",
                columns: new[] { "party_kind", "party_id", "currency", "cut_off" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_payouts_unfinished",
                table: "payouts",
                column: "state",
                filter: "state IN ('pending_approval', 'approved', 'sending', 'sent')");

            migrationBuilder.CreateIndex(
                name: "ix_share_accruals_due",
                table: "share_accruals",
                column: "next_release_at",
                filter: "next_release_at IS NOT NULL AND frozen_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_share_accruals_payment_id_party_kind_party_id_currency",
                table: "share_accruals",
                columns: new[] { "payment_id", "party_kind", "party_id", "currency" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "accrued_parts");

            migrationBuilder.DropTable(
                name: "billing_times");

            migrationBuilder.DropTable(
                name: "covered_journals");

            migrationBuilder.DropTable(
                name: "issued_statements");

            migrationBuilder.DropTable(
                name: "share_accruals");

            migrationBuilder.DropTable(
                name: "payouts");

            migrationBuilder.DropTable(
                name: "parties");
        }
    }
}
