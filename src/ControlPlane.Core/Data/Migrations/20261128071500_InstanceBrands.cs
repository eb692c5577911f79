using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>Which brand an instance shows, and how often a reseller has changed its own. The Provisioner reads brands, to hand them to job servers.</summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261128071500_InstanceBrands")]
public sealed class InstanceBrands : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>(name: "brand_mark", table: "instances", type: "text", nullable: true);
        migrationBuilder.AddColumn<int>(name: "revision", table: "white_labels", type: "integer", nullable: false, defaultValue: 0);
        migrationBuilder.Sql("GRANT SELECT ON white_labels TO fc_provisioner;");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("REVOKE SELECT ON white_labels FROM fc_provisioner;");
        migrationBuilder.DropColumn(name: "revision", table: "white_labels");
        migrationBuilder.DropColumn(name: "brand_mark", table: "instances");
    }
}
