using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class StripeProvider : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "reported_blocks",
                table: "usage_periods",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "next_sent_for",
                table: "subscription_items",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "hosted_address",
                table: "invoices",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "pdf_address",
                table: "invoices",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "purchase_intents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    instance_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan_key = table.Column<string>(type: "text", nullable: false),
                    plan_version = table.Column<int>(type: "integer", nullable: false),
                    is_add_on = table.Column<bool>(type: "boolean", nullable: false),
                    quantity = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    session_id = table.Column<string>(type: "text", nullable: true),
                    actor = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_purchase_intents", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_purchase_intents_organization_id_state",
                table: "purchase_intents",
                columns: new[] { "organization_id", "state" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "purchase_intents");

            migrationBuilder.DropColumn(
                name: "reported_blocks",
                table: "usage_periods");

            migrationBuilder.DropColumn(
                name: "next_sent_for",
                table: "subscription_items");

            migrationBuilder.DropColumn(
                name: "hosted_address",
                table: "invoices");

            migrationBuilder.DropColumn(
                name: "pdf_address",
                table: "invoices");
        }
    }
}
