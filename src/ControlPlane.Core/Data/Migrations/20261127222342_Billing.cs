using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace ControlPlane.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Billing : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_instances_plans_plan_key",
                table: "instances");

            migrationBuilder.DropIndex(
                name: "ix_instances_plan_key",
                table: "instances");

            migrationBuilder.DeleteData(
                table: "plans",
                keyColumn: "key",
                keyValue: "pro-plus");

            migrationBuilder.DropColumn(
                name: "backup_every_minutes_min",
                table: "plans");

            migrationBuilder.DropColumn(
                name: "backups_kept_max",
                table: "plans");

            migrationBuilder.DropColumn(
                name: "connections_max",
                table: "plans");

            migrationBuilder.DropColumn(
                name: "cpu_millis",
                table: "plans");

            migrationBuilder.DropColumn(
                name: "instances_max",
                table: "plans");

            migrationBuilder.DropColumn(
                name: "memory_mb",
                table: "plans");

            migrationBuilder.DropColumn(
                name: "price_minor",
                table: "plans");

            migrationBuilder.DropColumn(
                name: "storage_mb",
                table: "plans");

            migrationBuilder.DropColumn(
                name: "currency",
                table: "plans");

            migrationBuilder.AddColumn<int>(
                name: "current_version",
                table: "plans",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<string>(
                name: "product_key",
                table: "plans",
                type: "text",
                nullable: false,
                defaultValue: "hosting");

            // The largest plan of before goes on under its new name.
            migrationBuilder.Sql("UPDATE instances SET plan_key = 'business' WHERE plan_key = 'pro-plus'");

            migrationBuilder.AddColumn<bool>(
                name: "is_add_on",
                table: "plans",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "is_public",
                table: "plans",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "requires_vendor_contract",
                table: "plans",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "is_suspended_for_debt",
                table: "instances",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "plan_version",
                table: "instances",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.CreateTable(
                name: "billing_accounts",
                columns: table => new
                {
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    interval = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    email = table.Column<string>(type: "text", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    country = table.Column<string>(type: "text", nullable: false),
                    tax_id = table.Column<string>(type: "text", nullable: false),
                    tax_rate_ppm = table.Column<int>(type: "integer", nullable: false),
                    terms_days = table.Column<int>(type: "integer", nullable: false),
                    anchor_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    period_index = table.Column<int>(type: "integer", nullable: false),
                    trial_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    provider_customer_id = table.Column<string>(type: "text", nullable: true),
                    provider_subscription_id = table.Column<string>(type: "text", nullable: true),
                    dunning = table.Column<string>(type: "text", nullable: false),
                    overdue_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    suspended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    deletion_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    warned_days_left = table.Column<int>(type: "integer", nullable: true),
                    is_on_hold = table.Column<bool>(type: "boolean", nullable: false),
                    hold_reason = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_billing_accounts", x => x.organization_id);
                    table.ForeignKey(
                        name: "fk_billing_accounts_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "coupon_redemptions",
                columns: table => new
                {
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    redeemed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_coupon_redemptions", x => new { x.organization_id, x.code });
                });

            migrationBuilder.CreateTable(
                name: "coupons",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    percent_ppm = table.Column<int>(type: "integer", nullable: true),
                    amount_minor = table.Column<long>(type: "bigint", nullable: true),
                    currency = table.Column<string>(type: "text", nullable: true),
                    duration = table.Column<string>(type: "text", nullable: false),
                    months = table.Column<int>(type: "integer", nullable: true),
                    redemptions_max = table.Column<int>(type: "integer", nullable: true),
                    redemptions = table.Column<int>(type: "integer", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_coupons", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "document_numbers",
                columns: table => new
                {
                    kind = table.Column<string>(type: "text", nullable: false),
                    year = table.Column<int>(type: "integer", nullable: false),
                    last = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_document_numbers", x => new { x.kind, x.year });
                });

            migrationBuilder.CreateTable(
                name: "entitlement_overrides",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    instance_id = table.Column<Guid>(type: "uuid", nullable: true),
                    key = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_entitlement_overrides", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "instance_entitlements",
                columns: table => new
                {
                    instance_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    values = table.Column<string>(type: "jsonb", nullable: false),
                    computed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_instance_entitlements", x => x.instance_id);
                    table.ForeignKey(
                        name: "fk_instance_entitlements_instances_instance_id",
                        column: x => x.instance_id,
                        principalTable: "instances",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "invoices",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    subtotal_minor = table.Column<long>(type: "bigint", nullable: false),
                    discount_minor = table.Column<long>(type: "bigint", nullable: false),
                    tax_minor = table.Column<long>(type: "bigint", nullable: false),
                    total_minor = table.Column<long>(type: "bigint", nullable: false),
                    from_balance_minor = table.Column<long>(type: "bigint", nullable: false),
                    paid_minor = table.Column<long>(type: "bigint", nullable: false),
                    credited_minor = table.Column<long>(type: "bigint", nullable: false),
                    issued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    first_failed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    provider = table.Column<string>(type: "text", nullable: false),
                    provider_invoice_id = table.Column<string>(type: "text", nullable: true),
                    mode = table.Column<string>(type: "text", nullable: false),
                    bill_to = table.Column<string>(type: "jsonb", nullable: false),
                    reseller_id = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invoices", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "plan_versions",
                columns: table => new
                {
                    plan_key = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    trial_days = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    sealed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plan_versions", x => new { x.plan_key, x.version });
                    table.ForeignKey(
                        name: "fk_plan_versions_plans_plan_key",
                        column: x => x.plan_key,
                        principalTable: "plans",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "products",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_products", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "reseller_attributions",
                columns: table => new
                {
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    valid_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reseller_id = table.Column<string>(type: "text", nullable: false),
                    valid_to = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reseller_attributions", x => new { x.organization_id, x.valid_from });
                });

            migrationBuilder.CreateTable(
                name: "usage_periods",
                columns: table => new
                {
                    instance_id = table.Column<Guid>(type: "uuid", nullable: false),
                    period_start = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    jobs = table.Column<long>(type: "bigint", nullable: false),
                    last_total = table.Column<long>(type: "bigint", nullable: false),
                    read_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    invoice_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage_periods", x => new { x.instance_id, x.period_start });
                });

            migrationBuilder.CreateTable(
                name: "credit_notes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    invoice_id = table.Column<Guid>(type: "uuid", nullable: true),
                    currency = table.Column<string>(type: "text", nullable: false),
                    total_minor = table.Column<long>(type: "bigint", nullable: false),
                    tax_minor = table.Column<long>(type: "bigint", nullable: false),
                    off_open_minor = table.Column<long>(type: "bigint", nullable: false),
                    to_balance_minor = table.Column<long>(type: "bigint", nullable: false),
                    refunded_minor = table.Column<long>(type: "bigint", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false),
                    issued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credit_notes", x => x.id);
                    table.ForeignKey(
                        name: "fk_credit_notes_invoices_invoice_id",
                        column: x => x.invoice_id,
                        principalTable: "invoices",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "invoice_lines",
                columns: table => new
                {
                    invoice_id = table.Column<Guid>(type: "uuid", nullable: false),
                    line = table.Column<int>(type: "integer", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    description = table.Column<string>(type: "text", nullable: false),
                    product_key = table.Column<string>(type: "text", nullable: false),
                    plan_key = table.Column<string>(type: "text", nullable: false),
                    plan_version = table.Column<int>(type: "integer", nullable: false),
                    instance_id = table.Column<Guid>(type: "uuid", nullable: true),
                    quantity = table.Column<long>(type: "bigint", nullable: false),
                    amount_minor = table.Column<long>(type: "bigint", nullable: false),
                    discount_minor = table.Column<long>(type: "bigint", nullable: false),
                    tax_minor = table.Column<long>(type: "bigint", nullable: false),
                    period_start = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    period_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    is_proration = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invoice_lines", x => new { x.invoice_id, x.line });
                    table.ForeignKey(
                        name: "fk_invoice_lines_invoices_invoice_id",
                        column: x => x.invoice_id,
                        principalTable: "invoices",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "payments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    invoice_id = table.Column<Guid>(type: "uuid", nullable: true),
                    provider = table.Column<string>(type: "text", nullable: false),
                    provider_reference = table.Column<string>(type: "text", nullable: false),
                    amount_minor = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    applied_minor = table.Column<long>(type: "bigint", nullable: false),
                    applied_tax_minor = table.Column<long>(type: "bigint", nullable: false),
                    settled_minor = table.Column<long>(type: "bigint", nullable: false),
                    settled_currency = table.Column<string>(type: "text", nullable: false),
                    fee_minor = table.Column<long>(type: "bigint", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false),
                    refunded_minor = table.Column<long>(type: "bigint", nullable: false),
                    lost_minor = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_payments", x => x.id);
                    table.ForeignKey(
                        name: "fk_payments_invoices_invoice_id",
                        column: x => x.invoice_id,
                        principalTable: "invoices",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "plan_entitlements",
                columns: table => new
                {
                    plan_key = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plan_entitlements", x => new { x.plan_key, x.version, x.key });
                    table.ForeignKey(
                        name: "fk_plan_entitlements_plan_versions_plan_key_version",
                        columns: x => new { x.plan_key, x.version },
                        principalTable: "plan_versions",
                        principalColumns: new[] { "plan_key", "version" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "plan_prices",
                columns: table => new
                {
                    plan_key = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    interval = table.Column<string>(type: "text", nullable: false),
                    amount_minor = table.Column<long>(type: "bigint", nullable: false),
                    overage_minor = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plan_prices", x => new { x.plan_key, x.version, x.currency, x.interval });
                    table.ForeignKey(
                        name: "fk_plan_prices_plan_versions_plan_key_version",
                        columns: x => new { x.plan_key, x.version },
                        principalTable: "plan_versions",
                        principalColumns: new[] { "plan_key", "version" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "subscription_items",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    instance_id = table.Column<Guid>(type: "uuid", nullable: true),
                    plan_key = table.Column<string>(type: "text", nullable: false),
                    plan_version = table.Column<int>(type: "integer", nullable: false),
                    is_add_on = table.Column<bool>(type: "boolean", nullable: false),
                    quantity = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    trial_ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    cancels_at_period_end = table.Column<bool>(type: "boolean", nullable: false),
                    next_plan_key = table.Column<string>(type: "text", nullable: true),
                    next_plan_version = table.Column<int>(type: "integer", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    provider_item_id = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_subscription_items", x => x.id);
                    table.ForeignKey(
                        name: "fk_subscription_items_instances_instance_id",
                        column: x => x.instance_id,
                        principalTable: "instances",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_subscription_items_plan_versions_plan_key_plan_version",
                        columns: x => new { x.plan_key, x.plan_version },
                        principalTable: "plan_versions",
                        principalColumns: new[] { "plan_key", "version" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "disputes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    provider_reference = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    amount_minor = table.Column<long>(type: "bigint", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    opened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_disputes", x => x.id);
                    table.ForeignKey(
                        name: "fk_disputes_payments_payment_id",
                        column: x => x.payment_id,
                        principalTable: "payments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "refunds",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    credit_note_id = table.Column<Guid>(type: "uuid", nullable: true),
                    amount_minor = table.Column<long>(type: "bigint", nullable: false),
                    tax_minor = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    requested_by = table.Column<string>(type: "text", nullable: false),
                    approved_by = table.Column<string>(type: "text", nullable: true),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    provider_reference = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_refunds", x => x.id);
                    table.ForeignKey(
                        name: "fk_refunds_payments_payment_id",
                        column: x => x.payment_id,
                        principalTable: "payments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.InsertData(
                table: "plan_versions",
                columns: new[] { "plan_key", "version", "created_at", "created_by", "sealed_at", "trial_days" },
                values: new object[,]
                {
                    { "free", 1, new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "seed", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), 0 },
                    { "pro", 1, new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "seed", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), 0 }
                });

            migrationBuilder.UpdateData(
                table: "plans",
                keyColumn: "key",
                keyValue: "free",
                columns: new[] { "current_version", "is_add_on", "is_public", "product_key", "requires_vendor_contract" },
                values: new object[] { 1, false, true, "hosting", false });

            migrationBuilder.UpdateData(
                table: "plans",
                keyColumn: "key",
                keyValue: "pro",
                columns: new[] { "current_version", "is_add_on", "is_public", "position", "product_key", "requires_vendor_contract" },
                values: new object[] { 1, false, true, 2, "hosting", false });

            migrationBuilder.InsertData(
                table: "products",
                columns: new[] { "key", "name" },
                values: new object[,]
                {
                    { "hosting", "Faktory hosting" },
                    { "support", "Support" }
                });

            migrationBuilder.InsertData(
                table: "plan_entitlements",
                columns: new[] { "key", "plan_key", "version", "value" },
                values: new object[,]
                {
                    { "backups.every_minutes_min", "free", 1, "1440" },
                    { "backups.kept_max", "free", 1, "3" },
                    { "features.batches", "free", 1, "false" },
                    { "features.cancel", "free", 1, "true" },
                    { "features.cron", "free", 1, "false" },
                    { "features.debounce", "free", 1, "false" },
                    { "features.expiring", "free", 1, "true" },
                    { "features.throttles", "free", 1, "false" },
                    { "features.tracking", "free", 1, "false" },
                    { "features.unique", "free", 1, "false" },
                    { "features.weights", "free", 1, "false" },
                    { "instance.connections.max", "free", 1, "50" },
                    { "instance.cpu_millis", "free", 1, "250" },
                    { "instance.memory_mb", "free", 1, "128" },
                    { "instance.storage_mb", "free", 1, "256" },
                    { "instances.max", "free", 1, "2" },
                    { "jobs.included", "free", 1, "100000" },
                    { "support.level", "free", 1, "community" },
                    { "backups.every_minutes_min", "pro", 1, "15" },
                    { "backups.kept_max", "pro", 1, "48" },
                    { "features.batches", "pro", 1, "true" },
                    { "features.cancel", "pro", 1, "true" },
                    { "features.cron", "pro", 1, "true" },
                    { "features.debounce", "pro", 1, "true" },
                    { "features.expiring", "pro", 1, "true" },
                    { "features.throttles", "pro", 1, "true" },
                    { "features.tracking", "pro", 1, "true" },
                    { "features.unique", "pro", 1, "true" },
                    { "features.weights", "pro", 1, "true" },
                    { "instance.connections.max", "pro", 1, "500" },
                    { "instance.cpu_millis", "pro", 1, "1000" },
                    { "instance.memory_mb", "pro", 1, "512" },
                    { "instance.storage_mb", "pro", 1, "5120" },
                    { "instances.max", "pro", 1, "10" },
                    { "jobs.included", "pro", 1, "10000000" },
                    { "support.level", "pro", 1, "email" }
                });

            migrationBuilder.InsertData(
                table: "plan_prices",
                columns: new[] { "currency", "interval", "plan_key", "version", "amount_minor", "overage_minor" },
                values: new object[,]
                {
                    { "EUR", "month", "free", 1, 0L, null },
                    { "EUR", "year", "free", 1, 0L, null },
                    { "USD", "month", "free", 1, 0L, null },
                    { "USD", "year", "free", 1, 0L, null },
                    { "EUR", "month", "pro", 1, 2900L, 10L },
                    { "EUR", "year", "pro", 1, 29000L, 10L },
                    { "USD", "month", "pro", 1, 2900L, 10L },
                    { "USD", "year", "pro", 1, 29000L, 10L }
                });

            migrationBuilder.InsertData(
                table: "plans",
                columns: new[] { "key", "current_version", "is_add_on", "is_public", "name", "position", "product_key", "requires_vendor_contract", "summary" },
                values: new object[,]
                {
                    { "business", 1, false, true, "Business", 3, "hosting", false, "For many workers and long queues." },
                    { "hobby", 1, false, true, "Hobby", 1, "hosting", false, "For something small that somebody relies on." },
                    { "priority-support", 1, true, true, "Priority support", 11, "support", false, "Answers first." },
                    { "storage-10gb", 1, true, true, "10 GB more", 10, "hosting", false, "Room for longer queues." }
                });

            migrationBuilder.InsertData(
                table: "plan_versions",
                columns: new[] { "plan_key", "version", "created_at", "created_by", "sealed_at", "trial_days" },
                values: new object[,]
                {
                    { "business", 1, new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "seed", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), 14 },
                    { "hobby", 1, new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "seed", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), 0 },
                    { "priority-support", 1, new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "seed", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), 0 },
                    { "storage-10gb", 1, new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "seed", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), 0 }
                });

            migrationBuilder.InsertData(
                table: "plan_entitlements",
                columns: new[] { "key", "plan_key", "version", "value" },
                values: new object[,]
                {
                    { "backups.every_minutes_min", "business", 1, "5" },
                    { "backups.kept_max", "business", 1, "168" },
                    { "features.batches", "business", 1, "true" },
                    { "features.cancel", "business", 1, "true" },
                    { "features.cron", "business", 1, "true" },
                    { "features.debounce", "business", 1, "true" },
                    { "features.expiring", "business", 1, "true" },
                    { "features.throttles", "business", 1, "true" },
                    { "features.tracking", "business", 1, "true" },
                    { "features.unique", "business", 1, "true" },
                    { "features.weights", "business", 1, "true" },
                    { "instance.connections.max", "business", 1, "2000" },
                    { "instance.cpu_millis", "business", 1, "2000" },
                    { "instance.memory_mb", "business", 1, "2048" },
                    { "instance.storage_mb", "business", 1, "51200" },
                    { "instances.max", "business", 1, "50" },
                    { "jobs.included", "business", 1, "100000000" },
                    { "support.level", "business", 1, "priority" },
                    { "backups.every_minutes_min", "hobby", 1, "360" },
                    { "backups.kept_max", "hobby", 1, "7" },
                    { "features.batches", "hobby", 1, "false" },
                    { "features.cancel", "hobby", 1, "true" },
                    { "features.cron", "hobby", 1, "true" },
                    { "features.debounce", "hobby", 1, "false" },
                    { "features.expiring", "hobby", 1, "true" },
                    { "features.throttles", "hobby", 1, "false" },
                    { "features.tracking", "hobby", 1, "true" },
                    { "features.unique", "hobby", 1, "true" },
                    { "features.weights", "hobby", 1, "false" },
                    { "instance.connections.max", "hobby", 1, "100" },
                    { "instance.cpu_millis", "hobby", 1, "500" },
                    { "instance.memory_mb", "hobby", 1, "256" },
                    { "instance.storage_mb", "hobby", 1, "1024" },
                    { "instances.max", "hobby", 1, "3" },
                    { "jobs.included", "hobby", 1, "1000000" },
                    { "support.level", "hobby", 1, "community" },
                    { "support.level", "priority-support", 1, "priority" },
                    { "instance.storage_mb", "storage-10gb", 1, "10240" }
                });

            migrationBuilder.InsertData(
                table: "plan_prices",
                columns: new[] { "currency", "interval", "plan_key", "version", "amount_minor", "overage_minor" },
                values: new object[,]
                {
                    { "EUR", "month", "business", 1, 9900L, 8L },
                    { "EUR", "year", "business", 1, 99000L, 8L },
                    { "USD", "month", "business", 1, 9900L, 8L },
                    { "USD", "year", "business", 1, 99000L, 8L },
                    { "EUR", "month", "hobby", 1, 900L, null },
                    { "EUR", "year", "hobby", 1, 9000L, null },
                    { "USD", "month", "hobby", 1, 900L, null },
                    { "USD", "year", "hobby", 1, 9000L, null },
                    { "EUR", "month", "priority-support", 1, 4900L, null },
                    { "EUR", "year", "priority-support", 1, 49000L, null },
                    { "USD", "month", "priority-support", 1, 4900L, null },
                    { "USD", "year", "priority-support", 1, 49000L, null },
                    { "EUR", "month", "storage-10gb", 1, 500L, null },
                    { "EUR", "year", "storage-10gb", 1, 5000L, null },
                    { "USD", "month", "storage-10gb", 1, 500L, null },
                    { "USD", "year", "storage-10gb", 1, 5000L, null }
                });

            migrationBuilder.CreateIndex(
                name: "ix_plans_product_key",
                table: "plans",
                column: "product_key");

            migrationBuilder.CreateIndex(
                name: "ix_instances_plan_key_plan_version",
                table: "instances",
                columns: new[] { "plan_key", "plan_version" });

            migrationBuilder.CreateIndex(
                name: "ix_billing_accounts_provider_customer_id",
                table: "billing_accounts",
                column: "provider_customer_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_credit_notes_invoice_id",
                table: "credit_notes",
                column: "invoice_id");

            migrationBuilder.CreateIndex(
                name: "ix_credit_notes_number",
                table: "credit_notes",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_disputes_payment_id",
                table: "disputes",
                column: "payment_id");

            migrationBuilder.CreateIndex(
                name: "ix_disputes_provider_reference",
                table: "disputes",
                column: "provider_reference",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_entitlement_overrides_expires_at",
                table: "entitlement_overrides",
                column: "expires_at",
                filter: "expires_at IS NOT NULL AND revoked_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_entitlement_overrides_organization_id",
                table: "entitlement_overrides",
                column: "organization_id");

            migrationBuilder.CreateIndex(
                name: "ix_invoices_due_at",
                table: "invoices",
                column: "due_at",
                filter: "state = 'open'");

            migrationBuilder.CreateIndex(
                name: "ix_invoices_number",
                table: "invoices",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invoices_organization_id_issued_at",
                table: "invoices",
                columns: new[] { "organization_id", "issued_at" });

            migrationBuilder.CreateIndex(
                name: "ix_invoices_provider_invoice_id",
                table: "invoices",
                column: "provider_invoice_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_payments_invoice_id",
                table: "payments",
                column: "invoice_id");

            migrationBuilder.CreateIndex(
                name: "ix_payments_organization_id_received_at",
                table: "payments",
                columns: new[] { "organization_id", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_payments_provider_provider_reference",
                table: "payments",
                columns: new[] { "provider", "provider_reference" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_refunds_payment_id",
                table: "refunds",
                column: "payment_id");

            migrationBuilder.CreateIndex(
                name: "ix_refunds_provider_reference",
                table: "refunds",
                column: "provider_reference");

            migrationBuilder.CreateIndex(
                name: "ix_subscription_items_living",
                table: "subscription_items",
                column: "instance_id",
                unique: true,
                filter: "NOT is_add_on AND state <> 'ended'");

            migrationBuilder.CreateIndex(
                name: "ix_subscription_items_organization_id_state",
                table: "subscription_items",
                columns: new[] { "organization_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_subscription_items_plan_key_plan_version",
                table: "subscription_items",
                columns: new[] { "plan_key", "plan_version" });

            migrationBuilder.AddForeignKey(
                name: "fk_instances_plan_versions_plan_key_plan_version",
                table: "instances",
                columns: new[] { "plan_key", "plan_version" },
                principalTable: "plan_versions",
                principalColumns: new[] { "plan_key", "version" },
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_plans_products_product_key",
                table: "plans",
                column: "product_key",
                principalTable: "products",
                principalColumn: "key",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_instances_plan_versions_plan_key_plan_version",
                table: "instances");

            migrationBuilder.DropForeignKey(
                name: "fk_plans_products_product_key",
                table: "plans");

            migrationBuilder.DropTable(
                name: "billing_accounts");

            migrationBuilder.DropTable(
                name: "coupon_redemptions");

            migrationBuilder.DropTable(
                name: "coupons");

            migrationBuilder.DropTable(
                name: "credit_notes");

            migrationBuilder.DropTable(
                name: "disputes");

            migrationBuilder.DropTable(
                name: "document_numbers");

            migrationBuilder.DropTable(
                name: "entitlement_overrides");

            migrationBuilder.DropTable(
                name: "instance_entitlements");

            migrationBuilder.DropTable(
                name: "invoice_lines");

            migrationBuilder.DropTable(
                name: "plan_entitlements");

            migrationBuilder.DropTable(
                name: "plan_prices");

            migrationBuilder.DropTable(
                name: "products");

            migrationBuilder.DropTable(
                name: "refunds");

            migrationBuilder.DropTable(
                name: "reseller_attributions");

            migrationBuilder.DropTable(
                name: "subscription_items");

            migrationBuilder.DropTable(
                name: "usage_periods");

            migrationBuilder.DropTable(
                name: "payments");

            migrationBuilder.DropTable(
                name: "plan_versions");

            migrationBuilder.DropTable(
                name: "invoices");

            migrationBuilder.DropIndex(
                name: "ix_plans_product_key",
                table: "plans");

            migrationBuilder.DropIndex(
                name: "ix_instances_plan_key_plan_version",
                table: "instances");

            migrationBuilder.DeleteData(
                table: "plans",
                keyColumn: "key",
                keyValue: "business");

            migrationBuilder.DeleteData(
                table: "plans",
                keyColumn: "key",
                keyValue: "hobby");

            migrationBuilder.DeleteData(
                table: "plans",
                keyColumn: "key",
                keyValue: "priority-support");

            migrationBuilder.DeleteData(
                table: "plans",
                keyColumn: "key",
                keyValue: "storage-10gb");

            migrationBuilder.DropColumn(
                name: "is_add_on",
                table: "plans");

            migrationBuilder.DropColumn(
                name: "is_public",
                table: "plans");

            migrationBuilder.DropColumn(
                name: "requires_vendor_contract",
                table: "plans");

            migrationBuilder.DropColumn(
                name: "is_suspended_for_debt",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "plan_version",
                table: "instances");

            migrationBuilder.RenameColumn(
                name: "product_key",
                table: "plans",
                newName: "currency");

            migrationBuilder.RenameColumn(
                name: "current_version",
                table: "plans",
                newName: "storage_mb");

            migrationBuilder.AddColumn<int>(
                name: "backup_every_minutes_min",
                table: "plans",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "backups_kept_max",
                table: "plans",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "connections_max",
                table: "plans",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "cpu_millis",
                table: "plans",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "instances_max",
                table: "plans",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "memory_mb",
                table: "plans",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "price_minor",
                table: "plans",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.UpdateData(
                table: "plans",
                keyColumn: "key",
                keyValue: "free",
                columns: new[] { "backup_every_minutes_min", "backups_kept_max", "connections_max", "cpu_millis", "currency", "instances_max", "memory_mb", "price_minor", "storage_mb" },
                values: new object[] { 1440, 3, 50, 250, "USD", 2, 128, 0L, 256 });

            migrationBuilder.UpdateData(
                table: "plans",
                keyColumn: "key",
                keyValue: "pro",
                columns: new[] { "backup_every_minutes_min", "backups_kept_max", "connections_max", "cpu_millis", "currency", "instances_max", "memory_mb", "position", "price_minor", "storage_mb" },
                values: new object[] { 15, 48, 500, 1000, "USD", 10, 512, 1, 2900L, 5120 });

            migrationBuilder.InsertData(
                table: "plans",
                columns: new[] { "key", "backup_every_minutes_min", "backups_kept_max", "connections_max", "cpu_millis", "currency", "instances_max", "memory_mb", "name", "position", "price_minor", "storage_mb", "summary" },
                values: new object[] { "pro-plus", 5, 168, 2000, 2000, "USD", 50, 2048, "Pro Plus", 2, 9900L, 51200, "For many workers and long queues." });

            migrationBuilder.CreateIndex(
                name: "ix_instances_plan_key",
                table: "instances",
                column: "plan_key");

            migrationBuilder.AddForeignKey(
                name: "fk_instances_plans_plan_key",
                table: "instances",
                column: "plan_key",
                principalTable: "plans",
                principalColumn: "key",
                onDelete: ReferentialAction.Restrict);
        }
    }
}
