using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>
/// What makes the ledger one: at commit a journal has exactly the lines it announced and they sum to zero in each currency, nothing is ever changed or
/// removed, nothing is posted into a closed month, and contracts of one party and scope never overlap. No process owns these tables, so none can switch it off.
/// </summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261124170000_LedgerRules")]
public sealed class LedgerRules : Migration
{
    const string AppendOnly = "'ledger_accounts', 'journals', 'entries', 'closed_months'";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // The count also seals a journal: a balanced pair of lines added to an old one is one line too many.
        migrationBuilder.Sql("""
            CREATE FUNCTION check_journal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
            DECLARE
                checked uuid;
                announced integer;
                present bigint;
                off record;
            BEGIN
                IF TG_TABLE_NAME = 'journals' THEN checked := NEW.id; ELSE checked := NEW.journal_id; END IF;
                SELECT line_count INTO announced FROM journals WHERE id = checked;
                SELECT count(*) INTO present FROM entries WHERE journal_id = checked;
                IF present <> announced THEN
                    RAISE EXCEPTION 'journal % has % lines and announced %', checked, present, announced USING ERRCODE = 'check_violation';
                END IF;
                SELECT currency, sum(amount) AS amount INTO off FROM entries WHERE journal_id = checked GROUP BY currency HAVING sum(amount) <> 0 LIMIT 1;
                IF FOUND THEN
                    RAISE EXCEPTION 'journal % is off by % in %', checked, off.amount, off.currency USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON journals DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_journal();
            CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_journal();
            """);

        // Those who post share a lock that whoever closes a month takes alone, so that no journal slips into a month while it is being closed.
        migrationBuilder.Sql("""
            CREATE FUNCTION refuse_closed_month() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock_shared(hashtext('closed_months'));
                IF EXISTS (SELECT FROM closed_months WHERE month = date_trunc('month', NEW.posted_at AT TIME ZONE 'UTC')::date) THEN
                    RAISE EXCEPTION 'the month of % is closed', NEW.posted_at USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER open_month BEFORE INSERT ON journals FOR EACH ROW EXECUTE FUNCTION refuse_closed_month();
            CREATE FUNCTION wait_for_posting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(hashtext('closed_months')); RETURN NEW; END $$;
            CREATE TRIGGER alone BEFORE INSERT ON closed_months FOR EACH ROW EXECUTE FUNCTION wait_for_posting();
            """);

        // A contract may be ended, and nothing else: journals refer to what it said.
        migrationBuilder.Sql("""
            CREATE EXTENSION IF NOT EXISTS btree_gist;
            ALTER TABLE share_contracts ADD CONSTRAINT no_overlap
                EXCLUDE USING gist (party_kind WITH =, party_id WITH =, scope WITH =, scope_key WITH =, priority WITH =, tstzrange(valid_from, valid_to) WITH &&);
            CREATE FUNCTION refuse_new_terms() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF to_jsonb(NEW) - 'valid_to' <> to_jsonb(OLD) - 'valid_to' THEN RAISE EXCEPTION 'a contract can only be ended; new terms are a new version'; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER only_ended BEFORE UPDATE ON share_contracts FOR EACH ROW EXECUTE FUNCTION refuse_new_terms();
            CREATE TRIGGER append_only BEFORE DELETE ON share_contracts FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON share_contracts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            """);

        migrationBuilder.Sql($$"""
            DO $do$
            DECLARE
                t text;
            BEGIN
                FOREACH t IN ARRAY ARRAY[{{AppendOnly}}] LOOP
                    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t);
                    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t);
                END LOOP;
                FOREACH t IN ARRAY ARRAY[{{AppendOnly}}, 'share_contracts'] LOOP
                    EXECUTE format('GRANT SELECT, INSERT ON %I TO fc_api, fc_backup', t);
                    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
                    EXECUTE format('CREATE POLICY operator ON %I TO fc_api USING (is_fleet()) WITH CHECK (is_fleet())', t);
                    EXECUTE format('CREATE POLICY fleet ON %I TO fc_backup USING (true) WITH CHECK (true)', t);
                END LOOP;
            END $do$;
            GRANT UPDATE (valid_to) ON share_contracts TO fc_api;
            GRANT USAGE ON SEQUENCE ledger_accounts_id_seq TO fc_api, fc_backup;
            """);
    }
}
