using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>A sign-on ticket is written for an organization by itself or by the reseller that manages it; the portal finds it by its secret alone.</summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261128031500_SignOnRules")]
public sealed class SignOnRules : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        ALTER TABLE sign_on_tickets ENABLE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON sign_on_tickets TO fc_api
            USING (organization_id = current_organization() OR is_fleet()
                OR organization_id IN (SELECT c.organization_id FROM reseller_customers c WHERE c.reseller_id = current_reseller() AND c.ended_at IS NULL));
        CREATE POLICY redeem ON sign_on_tickets TO fc_web USING (true);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP POLICY redeem ON sign_on_tickets;
        DROP POLICY tenant ON sign_on_tickets;
        ALTER TABLE sign_on_tickets DISABLE ROW LEVEL SECURITY;
        """);
}
