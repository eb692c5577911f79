using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>What is known of platforms is seen by the reseller whose integration it came through; who calls the platforms also writes down the tokens that it gets.</summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261128021705_PlatformRules")]
public sealed class PlatformRules : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        ALTER TABLE platform_records ENABLE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON platform_records TO fc_api USING (reseller_id = current_reseller() OR is_fleet()) WITH CHECK (reseller_id = current_reseller() OR is_fleet());
        CREATE POLICY fleet ON platform_records TO fc_provisioner USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT, UPDATE ON platform_records TO fc_api;
        GRANT SELECT, UPDATE ON platform_records TO fc_provisioner;
        """);
}
