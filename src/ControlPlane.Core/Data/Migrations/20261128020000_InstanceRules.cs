using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>Cron jobs, throttles and weights of each instance.</summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261128020000_InstanceRules")]
public sealed class InstanceRules : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<string>("rules", "instances", "text", nullable: true);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn("rules", "instances");
}
