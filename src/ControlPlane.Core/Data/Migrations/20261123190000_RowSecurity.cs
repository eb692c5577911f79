using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>
/// The boundaries between processes and between tenants, in the database: grants per role, row-level security per organization,
/// an audit log that nobody rewrites, and the notifications by which operations are heard of.
/// </summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261123190000_RowSecurity")]
public sealed class RowSecurity : Migration
{
    const string TenantTables = "'memberships', 'api_tokens', 'instances', 'instance_samples', 'operations', 'backups', 'backup_policies', 'alerts', 'audit_entries'";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // The policies. fc_api sees the organization that its connection names, or everything where it says it works for the operator; the two
        // background processes work for everybody. A role without a policy sees nothing. The owner, who migrates, is exempt.
        migrationBuilder.Sql($$"""
            CREATE FUNCTION current_organization() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.organization_id', true), '')::uuid $$;
            CREATE FUNCTION is_fleet() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT coalesce(current_setting('app.fleet', true), 'off') = 'on' $$;
            DO $do$
            DECLARE
                t text;
            BEGIN
                FOREACH t IN ARRAY ARRAY[{{TenantTables}}] LOOP
                    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
                    EXECUTE format('CREATE POLICY tenant ON %I TO fc_api USING (organization_id = current_organization() OR is_fleet()) WITH CHECK (organization_id = current_organization() OR is_fleet())', t);
                    EXECUTE format('CREATE POLICY fleet ON %I TO fc_provisioner, fc_backup USING (true) WITH CHECK (true)', t);
                END LOOP;
            END $do$;
            ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON organizations TO fc_api USING (id = current_organization() OR is_fleet()) WITH CHECK (id = current_organization() OR is_fleet());
            CREATE POLICY fleet ON organizations TO fc_provisioner, fc_backup USING (true);
            ALTER TABLE idempotency_records ENABLE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON idempotency_records TO fc_api
                USING (organization_id IS NULL OR organization_id = current_organization() OR is_fleet())
                WITH CHECK (organization_id IS NULL OR organization_id = current_organization() OR is_fleet());
            """);

        // What each process may touch at all.
        migrationBuilder.Sql("""
            GRANT USAGE ON SCHEMA public TO fc_api, fc_web, fc_provisioner, fc_backup;
            GRANT SELECT ON plans TO fc_api, fc_provisioner, fc_backup;
            GRANT SELECT, INSERT ON data_protection_keys TO fc_api, fc_web, fc_provisioner, fc_backup;
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO fc_api, fc_web, fc_provisioner, fc_backup;
            GRANT SELECT, INSERT, UPDATE, DELETE ON users, user_claims, user_logins, user_tokens, user_passkeys TO fc_api, fc_web;

            GRANT SELECT, INSERT, UPDATE ON organizations, api_tokens, instances, operations, backups, alerts, operator_claims TO fc_api;
            GRANT SELECT, INSERT, UPDATE, DELETE ON memberships, backup_policies, idempotency_records TO fc_api;
            GRANT SELECT, INSERT ON audit_entries, mails TO fc_api;
            GRANT SELECT ON instance_samples TO fc_api;

            GRANT SELECT ON organizations, backups, backup_policies TO fc_provisioner;
            GRANT SELECT, INSERT, UPDATE ON instances, operations, alerts TO fc_provisioner;
            GRANT SELECT, INSERT, UPDATE, DELETE ON instance_samples, port_leases TO fc_provisioner;
            GRANT SELECT, INSERT ON audit_entries, mails TO fc_provisioner;

            GRANT SELECT ON organizations, instances TO fc_backup;
            GRANT SELECT, INSERT, UPDATE ON operations, alerts, backups, backup_policies TO fc_backup;
            GRANT SELECT, INSERT ON audit_entries, mails TO fc_backup;
            DO $do$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO fc_backup', current_database()); END $do$;
            """);

        // Before anybody is authenticated there is no organization to name: these two look-ups run as the owner and tell no more than they must.
        migrationBuilder.Sql("""
            CREATE FUNCTION authenticate_token(hash bytea) RETURNS TABLE (id uuid, organization_id uuid, user_id uuid, name text, scopes text[], expires_at timestamptz, last_used_at timestamptz, revoked_at timestamptz)
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
                $$ SELECT t.id, t.organization_id, t.user_id, t.name, t.scopes, t.expires_at, t.last_used_at, t.revoked_at FROM api_tokens t WHERE t.secret_hash = hash $$;
            CREATE FUNCTION memberships_of(person uuid) RETURNS TABLE (organization_id uuid, organization_name text, organization_created_at timestamptz, role text, joined_at timestamptz)
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
                $$ SELECT o.id, o.name, o.created_at, m.role, m.joined_at FROM memberships m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = person ORDER BY m.joined_at, o.id $$;
            REVOKE EXECUTE ON FUNCTION authenticate_token(bytea), memberships_of(uuid) FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION authenticate_token(bytea) TO fc_api;
            GRANT EXECUTE ON FUNCTION memberships_of(uuid) TO fc_api, fc_web;
            """);

        migrationBuilder.Sql("""
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

            CREATE FUNCTION notify_operations() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('operations', ''); RETURN NULL; END $$;
            CREATE TRIGGER filed AFTER INSERT ON operations FOR EACH STATEMENT EXECUTE FUNCTION notify_operations();
            CREATE TRIGGER woken AFTER UPDATE OF wake_count ON operations FOR EACH STATEMENT EXECUTE FUNCTION notify_operations();
            CREATE FUNCTION notify_operation_finished() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('operation_finished', NEW.id::text); RETURN NULL; END $$;
            CREATE TRIGGER finished AFTER UPDATE OF state ON operations FOR EACH ROW
                WHEN (NEW.state IN ('succeeded', 'failed') AND OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION notify_operation_finished();
            """);
    }
}
