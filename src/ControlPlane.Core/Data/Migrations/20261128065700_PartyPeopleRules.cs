using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>An organization sees which parties are its own; what these earn is read in the fleet's scope, by their names. What was planned before it was written down for when gets its moment.</summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261128065700_PartyPeopleRules")]
public sealed class PartyPeopleRules : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE POLICY own ON parties FOR SELECT TO fc_api
            USING (organization_id = current_organization() OR (kind = 'reseller' AND id IN (SELECT r.party_id FROM resellers r WHERE r.organization_id = current_organization())));
        ALTER TABLE parties ADD CONSTRAINT ck_parties_organization CHECK (kind = 'vendor' OR organization_id IS NULL);
        UPDATE subscription_items i SET next_due_at =
            (a.anchor_at AT TIME ZONE 'UTC' + make_interval(months => (a.period_index + 1) * CASE a."interval" WHEN 'year' THEN 12 ELSE 1 END)) AT TIME ZONE 'UTC'
            FROM billing_accounts a WHERE a.organization_id = i.organization_id AND a.anchor_at IS NOT NULL AND i.state <> 'ended' AND (i.cancels_at_period_end OR i.next_plan_key IS NOT NULL);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        ALTER TABLE parties DROP CONSTRAINT ck_parties_organization;
        DROP POLICY own ON parties;
        """);
}
