using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>
/// What a reseller's calls may touch: its own rows, and reading what the organizations have that it manages at this moment. What it changes for one of them, it changes
/// in that organization's scope. Who is a reseller, and how it is billed, is written in the operator's scope alone.
/// </summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261128020000_ResellerRules")]
public sealed class ResellerRules : Migration
{
    const string OfReseller = "'white_labels', 'reseller_integrations', 'resource_commands', 'webhook_endpoints', 'webhook_deliveries'";
    const string OfBoth = "'reseller_customers', 'managed_resources'";
    const string OfManagedOrganizations = "'instances', 'operations', 'instance_samples', 'instance_entitlements', 'usage_periods'";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // Until now a suspended instance that no debt had stopped was one that its owner had.
        migrationBuilder.Sql("UPDATE instances SET is_suspended_by_owner = true WHERE desired = 'suspended' AND NOT is_suspended_for_debt;");

        migrationBuilder.Sql($$"""
            CREATE FUNCTION current_reseller() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.reseller_id', true), '')::uuid $$;
            DO $do$
            DECLARE
                t text;
            BEGIN
                FOREACH t IN ARRAY ARRAY['resellers', 'invitations', {{OfReseller}}, {{OfBoth}}] LOOP
                    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
                    EXECUTE format('CREATE POLICY fleet ON %I TO fc_provisioner, fc_backup USING (true) WITH CHECK (true)', t);
                    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO fc_api', t);
                END LOOP;
                FOREACH t IN ARRAY ARRAY[{{OfReseller}}] LOOP
                    EXECUTE format('CREATE POLICY tenant ON %I TO fc_api USING (reseller_id = current_reseller() OR is_fleet()) WITH CHECK (reseller_id = current_reseller() OR is_fleet())', t);
                END LOOP;
                FOREACH t IN ARRAY ARRAY[{{OfBoth}}] LOOP
                    EXECUTE format('CREATE POLICY tenant ON %I TO fc_api USING (reseller_id = current_reseller() OR organization_id = current_organization() OR is_fleet())
                        WITH CHECK (reseller_id = current_reseller() OR is_fleet())', t);
                END LOOP;
                FOREACH t IN ARRAY ARRAY[{{OfManagedOrganizations}}] LOOP
                    EXECUTE format('CREATE POLICY reseller ON %I FOR SELECT TO fc_api
                        USING (organization_id IN (SELECT c.organization_id FROM reseller_customers c WHERE c.reseller_id = current_reseller() AND c.ended_at IS NULL))', t);
                END LOOP;
            END $do$;
            CREATE POLICY reseller ON organizations FOR SELECT TO fc_api
                USING (id IN (SELECT c.organization_id FROM reseller_customers c WHERE c.reseller_id = current_reseller() AND c.ended_at IS NULL));
            CREATE POLICY tenant ON resellers TO fc_api
                USING (id = current_reseller() OR organization_id = current_organization() OR is_fleet()
                    OR id IN (SELECT c.reseller_id FROM reseller_customers c WHERE c.organization_id = current_organization() AND c.ended_at IS NULL))
                WITH CHECK (is_fleet());
            CREATE POLICY tenant ON invitations TO fc_api USING (organization_id = current_organization() OR is_fleet()) WITH CHECK (organization_id = current_organization() OR is_fleet());
            """);

        migrationBuilder.Sql("""
            GRANT DELETE ON webhook_endpoints, webhook_deliveries TO fc_api;
            GRANT SELECT, INSERT, DELETE ON sign_on_tickets TO fc_api;
            GRANT SELECT, UPDATE (used_at) ON sign_on_tickets TO fc_web;
            GRANT SELECT ON resellers, reseller_integrations, reseller_customers, managed_resources, webhook_endpoints TO fc_provisioner;
            GRANT SELECT, INSERT, UPDATE ON webhook_deliveries TO fc_provisioner;
            GRANT SELECT ON resellers, reseller_customers, managed_resources, white_labels TO fc_backup;
            GRANT UPDATE (customers_warned_at) ON resellers TO fc_backup;
            GRANT UPDATE (is_suspended_for_reseller_debt) ON instances TO fc_backup;
            """);

        // Letters to a customer's owners are written by processes that know no people.
        migrationBuilder.Sql("""
            CREATE FUNCTION owner_emails(organization uuid) RETURNS TABLE (email text)
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
                $$ SELECT u.email FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.organization_id = organization AND m.role = 'owner' AND u.email IS NOT NULL ORDER BY m.joined_at LIMIT 10 $$;
            REVOKE EXECUTE ON FUNCTION owner_emails(uuid) FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION owner_emails(uuid) TO fc_api, fc_backup;
            """);
    }
}
