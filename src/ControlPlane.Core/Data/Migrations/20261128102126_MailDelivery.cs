using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>How far a mail has come, and whose it looks. What was written before there was any sending is not sent: people would get years of it at once.</summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261128102126_MailDelivery")]
public sealed class MailDelivery : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var name in (string[])["button", "error", "reply_to", "sender_name"])
            migrationBuilder.AddColumn<string>(name, table: "mails", type: "text", nullable: true);
        foreach (var name in (string[])["next_try_at", "sent_at"])
            migrationBuilder.AddColumn<DateTimeOffset>(name, table: "mails", type: "timestamp with time zone", nullable: true);
        migrationBuilder.AddColumn<Guid>(name: "reseller_id", table: "mails", type: "uuid", nullable: true);
        migrationBuilder.AddColumn<int>(name: "tries", table: "mails", type: "integer", nullable: false, defaultValue: 0);
        migrationBuilder.CreateIndex(name: "ix_mails_due", table: "mails", column: "next_try_at", filter: "next_try_at IS NOT NULL");
        // The default is for processes of the version before, which name no time.
        migrationBuilder.Sql("""
            ALTER TABLE mails ALTER COLUMN next_try_at SET DEFAULT now();
            GRANT UPDATE, DELETE ON mails TO fc_provisioner;
            GRANT UPDATE ON mails TO fc_api;
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("REVOKE UPDATE, DELETE ON mails FROM fc_provisioner; REVOKE UPDATE ON mails FROM fc_api;");
        migrationBuilder.DropIndex(name: "ix_mails_due", table: "mails");
        foreach (var name in (string[])["button", "error", "next_try_at", "reply_to", "reseller_id", "sender_name", "sent_at", "tries"])
            migrationBuilder.DropColumn(name, table: "mails");
    }
}
