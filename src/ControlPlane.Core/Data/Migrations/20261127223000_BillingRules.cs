using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>
/// Who may touch what of billing, and what nobody may: a plan's version that is sealed, an invoice's amounts, a note or payment that exists. Customers read
/// their own; money is written in the operator's scope alone.
/// </summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261127223000_BillingRules")]
public sealed class BillingRules : Migration
{
    const string Money = "'entitlement_overrides', 'instance_entitlements', 'reseller_attributions', 'subscription_items', 'invoices', 'invoice_lines', 'credit_notes', 'payments', 'refunds', 'disputes', 'usage_periods'";
    const string Own = "'billing_accounts', 'coupon_redemptions'";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // What every instance is entitled to from now on, by the plan that it has.
        migrationBuilder.Sql("""
            INSERT INTO instance_entitlements (instance_id, organization_id, version, "values", computed_at)
            SELECT i.id, i.organization_id, 1, jsonb_object_agg(e.key, e.value) || '{"growth.allowed": "true", "service.running": "true"}', now()
            FROM instances i JOIN plan_entitlements e ON e.plan_key = i.plan_key AND e.version = i.plan_version GROUP BY i.id, i.organization_id;
            """);

        migrationBuilder.Sql($$"""
            DO $do$
            DECLARE
                t text;
            BEGIN
                FOREACH t IN ARRAY ARRAY[{{Money}}, {{Own}}] LOOP
                    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
                    EXECUTE format('CREATE POLICY fleet ON %I TO fc_provisioner, fc_backup USING (true) WITH CHECK (true)', t);
                END LOOP;
                FOREACH t IN ARRAY ARRAY[{{Money}}] LOOP
                    EXECUTE format('CREATE POLICY tenant ON %I TO fc_api USING (organization_id = current_organization() OR is_fleet()) WITH CHECK (is_fleet())', t);
                END LOOP;
                FOREACH t IN ARRAY ARRAY[{{Own}}] LOOP
                    EXECUTE format('CREATE POLICY tenant ON %I TO fc_api USING (organization_id = current_organization() OR is_fleet()) WITH CHECK (organization_id = current_organization() OR is_fleet())', t);
                END LOOP;
            END $do$;
            """);

        migrationBuilder.Sql("""
            GRANT SELECT ON products, plans, plan_versions, plan_prices, plan_entitlements TO fc_api, fc_provisioner, fc_backup;
            GRANT INSERT ON products, plans, plan_versions, plan_prices, plan_entitlements TO fc_api;
            GRANT UPDATE (name, summary, position, is_public, requires_vendor_contract, current_version) ON plans TO fc_api;
            GRANT UPDATE (sealed_at) ON plan_versions TO fc_api;
            GRANT SELECT, INSERT, UPDATE ON billing_accounts, subscription_items, coupon_redemptions, usage_periods, instance_entitlements, document_numbers TO fc_api, fc_backup;
            GRANT SELECT ON instance_entitlements TO fc_provisioner;
            GRANT SELECT, INSERT ON invoices, invoice_lines, credit_notes, payments TO fc_api, fc_backup;
            GRANT UPDATE (state, paid_minor, credited_minor, settled_at, first_failed_at) ON invoices TO fc_api, fc_backup;
            GRANT UPDATE (refunded_minor, lost_minor) ON payments TO fc_api, fc_backup;
            GRANT SELECT, INSERT, UPDATE ON refunds, disputes, coupons, entitlement_overrides, reseller_attributions TO fc_api;
            GRANT SELECT ON refunds, disputes, coupons, entitlement_overrides, reseller_attributions TO fc_backup;
            GRANT UPDATE (revoked_at) ON entitlement_overrides TO fc_backup;
            GRANT SELECT ON instance_samples TO fc_backup;
            GRANT UPDATE (plan_key, plan_version, desired, generation, is_suspended_for_debt, deleted_at, purge_at) ON instances TO fc_backup;
            """);

        migrationBuilder.Sql("""
            CREATE FUNCTION refuse_sealed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
            BEGIN
                IF EXISTS (SELECT FROM plan_versions v WHERE v.plan_key = NEW.plan_key AND v.version = NEW.version AND v.sealed_at IS NOT NULL) THEN
                    RAISE EXCEPTION 'version % of the plan % is sealed; new terms are a new version', NEW.version, NEW.plan_key USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER open_version BEFORE INSERT ON plan_prices FOR EACH ROW EXECUTE FUNCTION refuse_sealed();
            CREATE TRIGGER open_version BEFORE INSERT ON plan_entitlements FOR EACH ROW EXECUTE FUNCTION refuse_sealed();
            CREATE FUNCTION refuse_unsealing() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF OLD.sealed_at IS NOT NULL OR to_jsonb(NEW) - 'sealed_at' <> to_jsonb(OLD) - 'sealed_at' THEN RAISE EXCEPTION 'a plan''s version never changes'; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER only_sealed BEFORE UPDATE ON plan_versions FOR EACH ROW EXECUTE FUNCTION refuse_unsealing();

            CREATE FUNCTION refuse_new_amounts() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF to_jsonb(NEW) - ARRAY['state', 'paid_minor', 'credited_minor', 'settled_at', 'first_failed_at', 'refunded_minor', 'lost_minor']
                    <> to_jsonb(OLD) - ARRAY['state', 'paid_minor', 'credited_minor', 'settled_at', 'first_failed_at', 'refunded_minor', 'lost_minor'] THEN
                    RAISE EXCEPTION 'what % says was said to a customer and never changes', TG_TABLE_NAME;
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER only_settled BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION refuse_new_amounts();
            CREATE TRIGGER only_settled BEFORE UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION refuse_new_amounts();
            ALTER TABLE invoices ADD CONSTRAINT ck_invoices_open CHECK (total_minor = subtotal_minor - discount_minor + tax_minor AND from_balance_minor >= 0 AND paid_minor >= 0 AND credited_minor >= 0 AND from_balance_minor + paid_minor + credited_minor <= total_minor);
            ALTER TABLE payments ADD CONSTRAINT ck_payments_returned CHECK (amount_minor > 0 AND applied_minor BETWEEN 0 AND amount_minor AND refunded_minor >= 0 AND lost_minor >= 0 AND refunded_minor + lost_minor <= applied_minor);
            ALTER TABLE credit_notes ADD CONSTRAINT ck_credit_notes_parts CHECK (total_minor > 0 AND total_minor = off_open_minor + to_balance_minor + refunded_minor);
            ALTER TABLE subscription_items ADD CONSTRAINT ck_subscription_items_quantity CHECK (quantity > 0);
            ALTER TABLE coupons ADD CONSTRAINT ck_coupons_terms CHECK ((percent_ppm BETWEEN 1 AND 1000000) <> (amount_minor > 0 AND currency IS NOT NULL) IS NOT FALSE AND (redemptions_max IS NULL OR redemptions <= redemptions_max));
            ALTER TABLE reseller_attributions ADD CONSTRAINT one_reseller_at_a_time EXCLUDE USING gist (organization_id WITH =, tstzrange(valid_from, valid_to) WITH &&);
            """);

        migrationBuilder.Sql("""
            DO $do$
            DECLARE
                t text;
            BEGIN
                FOREACH t IN ARRAY ARRAY['invoice_lines', 'credit_notes', 'plan_prices', 'plan_entitlements'] LOOP
                    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t);
                END LOOP;
                FOREACH t IN ARRAY ARRAY['invoices', 'payments', 'refunds', 'disputes', 'plan_versions'] LOOP
                    EXECUTE format('CREATE TRIGGER append_only BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t);
                END LOOP;
                FOREACH t IN ARRAY ARRAY['invoices', 'invoice_lines', 'credit_notes', 'payments', 'refunds', 'disputes', 'plan_versions', 'plan_prices', 'plan_entitlements'] LOOP
                    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t);
                END LOOP;
            END $do$;
            """);
    }
}
