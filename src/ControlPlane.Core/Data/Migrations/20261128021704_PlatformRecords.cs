using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class PlatformRecords : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "sealed_keys",
                table: "instances",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "platform_records",
                columns: table => new
                {
                    integration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    external_id = table.Column<string>(type: "text", nullable: false),
                    reseller_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    resource_id = table.Column<Guid>(type: "uuid", nullable: true),
                    data = table.Column<string>(type: "jsonb", nullable: false),
                    @sealed = table.Column<string>(name: "sealed", type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_platform_records", x => new { x.integration_id, x.kind, x.external_id });
                    table.ForeignKey(
                        name: "fk_platform_records_managed_resources_resource_id",
                        column: x => x.resource_id,
                        principalTable: "managed_resources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_platform_records_reseller_integrations_integration_id",
                        column: x => x.integration_id,
                        principalTable: "reseller_integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_platform_records_resource_id",
                table: "platform_records",
                column: "resource_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "platform_records");

            migrationBuilder.DropColumn(
                name: "sealed_keys",
                table: "instances");
        }
    }
}
