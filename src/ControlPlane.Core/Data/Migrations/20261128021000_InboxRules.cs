using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>
/// Who may touch the inbox of a payment provider's events, what was found when all was compared, and reversals; that workers are told of new events; and that what an event or a reversal says
/// never changes. Old events are removed by the process that applies them.
/// </summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261128021000_InboxRules")]
public sealed class InboxRules : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DO $do$
        DECLARE
            t text;
        BEGIN
            FOREACH t IN ARRAY ARRAY['inbox_events', 'differences', 'reconciliation_runs', 'transfer_reversals'] LOOP
                EXECUTE format('GRANT SELECT, INSERT ON %I TO fc_api, fc_backup', t);
                EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
                EXECUTE format('CREATE POLICY operator ON %I TO fc_api USING (is_fleet()) WITH CHECK (is_fleet())', t);
                EXECUTE format('CREATE POLICY fleet ON %I TO fc_backup USING (true) WITH CHECK (true)', t);
                EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t);
            END LOOP;
        END $do$;

        GRANT UPDATE (state, attempts, next_attempt_at, error, finished_at, delivery_count) ON inbox_events TO fc_api, fc_backup;
        GRANT UPDATE (object_type, object_id, lock_key) ON inbox_events TO fc_backup;
        GRANT DELETE ON inbox_events TO fc_backup;
        GRANT UPDATE (resolved_at, closed_by, close_reason) ON differences TO fc_api;
        GRANT UPDATE (resolved_at, ours, theirs, seen_at) ON differences TO fc_backup;
        GRANT UPDATE (finished_at, looked, found, error) ON reconciliation_runs TO fc_backup;
        REVOKE INSERT ON reconciliation_runs, differences FROM fc_api;
        GRANT UPDATE (state, reference, failure_reason, ended_at) ON transfer_reversals TO fc_api, fc_backup;

        CREATE TRIGGER only_state BEFORE UPDATE ON transfer_reversals FOR EACH ROW EXECUTE FUNCTION refuse_other_changes('state', 'reference', 'failure_reason', 'ended_at');
        CREATE TRIGGER append_only BEFORE DELETE ON transfer_reversals FOR EACH ROW EXECUTE FUNCTION refuse_change();

        CREATE FUNCTION notify_inbox() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('inbox_events', ''); RETURN NULL; END $$;
        CREATE TRIGGER taken AFTER INSERT ON inbox_events FOR EACH STATEMENT EXECUTE FUNCTION notify_inbox();
        """);
}
