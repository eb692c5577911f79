using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class PartyPeople : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "next_due_at",
                table: "subscription_items",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "organization_id",
                table: "parties",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_parties_organization_id",
                table: "parties",
                column: "organization_id",
                filter: "organization_id IS NOT NULL");

            migrationBuilder.AddForeignKey(
                name: "fk_parties_organizations_organization_id",
                table: "parties",
                column: "organization_id",
                principalTable: "organizations",
                principalColumn: "id",
                onDelete: ReferentialAction.SetNull);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_parties_organizations_organization_id",
                table: "parties");

            migrationBuilder.DropIndex(
                name: "ix_parties_organization_id",
                table: "parties");

            migrationBuilder.DropColumn(
                name: "next_due_at",
                table: "subscription_items");

            migrationBuilder.DropColumn(
                name: "organization_id",
                table: "parties");
        }
    }
}
