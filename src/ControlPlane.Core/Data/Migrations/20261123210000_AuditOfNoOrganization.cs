using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>What a person does outside every organization (a new password, becoming the operator) is written by the Api as well, and read by the operator alone.</summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261123210000_AuditOfNoOrganization")]
public sealed class AuditOfNoOrganization : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("CREATE POLICY no_organization ON audit_entries FOR INSERT TO fc_api WITH CHECK (organization_id IS NULL);");
}
