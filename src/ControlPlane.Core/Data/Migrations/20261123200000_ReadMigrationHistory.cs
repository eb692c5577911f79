using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>Lets each process see whether the schema is the one it was written for.</summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261123200000_ReadMigrationHistory")]
public sealed class ReadMigrationHistory : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""GRANT SELECT ON "__EFMigrationsHistory" TO fc_api, fc_web, fc_provisioner, fc_backup;""");
}
