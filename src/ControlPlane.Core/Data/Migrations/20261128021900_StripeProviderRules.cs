using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ControlPlane.Core.Data.Migrations;

/// <summary>What is bought through Stripe is remembered for its organization, in the fleet's scope alone. Whoever is on a clock writes refunds and disputes as well: Stripe tells of them there.</summary>
[DbContext(typeof(ControlPlaneDb))]
[Migration("20261128021900_StripeProviderRules")]
public sealed class StripeProviderRules : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            ALTER TABLE purchase_intents ENABLE ROW LEVEL SECURITY;
            CREATE POLICY fleet ON purchase_intents TO fc_backup USING (true) WITH CHECK (true);
            CREATE POLICY tenant ON purchase_intents TO fc_api USING (organization_id = current_organization() OR is_fleet()) WITH CHECK (is_fleet());
            GRANT SELECT, INSERT ON purchase_intents TO fc_api, fc_backup;
            GRANT UPDATE (state, session_id) ON purchase_intents TO fc_api, fc_backup;
            CREATE TRIGGER only_state BEFORE UPDATE ON purchase_intents FOR EACH ROW EXECUTE FUNCTION refuse_other_changes('state', 'session_id');
            ALTER TABLE purchase_intents ADD CONSTRAINT ck_purchase_intents_quantity CHECK (quantity > 0);
            GRANT INSERT, UPDATE ON refunds, disputes TO fc_backup;
            """);
    }
}
