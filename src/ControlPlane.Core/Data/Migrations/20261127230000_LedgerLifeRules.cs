using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>
/// Who may touch accruals, payouts, parties, statements and the billing clock, and what nobody may: change what an accrual or a payout is about, remove either,
/// touch a journal that a payout covers or a statement that was issued, or turn the billing clock back.
/// </summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261127230000_LedgerLifeRules")]
public sealed class LedgerLifeRules : Migration
{
    const string AppendOnly = "'accrued_parts', 'covered_journals', 'issued_statements'";
    const string Changing = "'share_accruals', 'payouts', 'parties'";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            CREATE FUNCTION refuse_other_changes() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF to_jsonb(NEW) - TG_ARGV <> to_jsonb(OLD) - TG_ARGV THEN
                    RAISE EXCEPTION 'what a row of % is about never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER only_position BEFORE UPDATE ON share_accruals FOR EACH ROW EXECUTE FUNCTION refuse_other_changes(
                'reversed_held_minor', 'reversed_payable_minor', 'released_minor', 'refund_fee_borne_minor', 'parts_released', 'releases', 'next_release_at', 'frozen_at');
            CREATE TRIGGER only_state BEFORE UPDATE ON payouts FOR EACH ROW EXECUTE FUNCTION refuse_other_changes(
                'state', 'reference', 'failure_reason', 'approved_by', 'approved_at', 'sent_at', 'settled_at', 'ended_at');

            CREATE FUNCTION refuse_turning_back() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.offset_ticks < OLD.offset_ticks THEN RAISE EXCEPTION 'the billing clock only goes forward' USING ERRCODE = 'check_violation'; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER only_forward BEFORE UPDATE ON billing_times FOR EACH ROW EXECUTE FUNCTION refuse_turning_back();
            ALTER TABLE billing_times ADD CONSTRAINT ck_billing_times_one CHECK (id = 1 AND offset_ticks >= 0);
            GRANT SELECT ON billing_times TO fc_api, fc_backup, fc_provisioner;
            GRANT INSERT, UPDATE ON billing_times TO fc_api;
            """);

        migrationBuilder.Sql($$"""
            DO $do$
            DECLARE
                t text;
            BEGIN
                FOREACH t IN ARRAY ARRAY[{{AppendOnly}}] LOOP
                    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t);
                END LOOP;
                FOREACH t IN ARRAY ARRAY['share_accruals', 'payouts', 'parties', 'billing_times'] LOOP
                    EXECUTE format('CREATE TRIGGER append_only BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t);
                END LOOP;
                FOREACH t IN ARRAY ARRAY[{{AppendOnly}}, {{Changing}}, 'billing_times'] LOOP
                    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t);
                END LOOP;
                FOREACH t IN ARRAY ARRAY[{{AppendOnly}}, {{Changing}}] LOOP
                    EXECUTE format('GRANT SELECT, INSERT ON %I TO fc_api, fc_backup', t);
                    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
                    EXECUTE format('CREATE POLICY operator ON %I TO fc_api USING (is_fleet()) WITH CHECK (is_fleet())', t);
                    EXECUTE format('CREATE POLICY fleet ON %I TO fc_backup USING (true) WITH CHECK (true)', t);
                END LOOP;
            END $do$;
            GRANT UPDATE ON share_accruals, payouts TO fc_api, fc_backup;
            GRANT UPDATE ON parties TO fc_api;
            GRANT UPDATE (frozen_at) ON parties TO fc_backup;
            REVOKE INSERT ON parties FROM fc_backup;
            """);
    }
}
