using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ControlPlane.Tests.Core;

public sealed class TenancyTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Query_filter_hides_the_rows_of_other_organizations()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var api = new ControlPlaneScope(database.Api, TimeProvider.System);
        var (mine, theirs) = (await api.AddOrganizationAsync("Mine"), await api.AddOrganizationAsync("Theirs"));
        await api.AddInstanceAsync(theirs);

        var (scope, db) = api.Enter(mine);
        await using (scope)
            (await db.Instances.CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Row_security_hides_them_even_when_the_filter_is_ignored()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var api = new ControlPlaneScope(database.Api, TimeProvider.System);
        var (mine, theirs) = (await api.AddOrganizationAsync("Mine"), await api.AddOrganizationAsync("Theirs"));
        var instance = await api.AddInstanceAsync(theirs);
        await api.AddInstanceAsync(mine);

        var (scope, db) = api.Enter(mine);
        await using (scope)
        {
            var seen = await db.Instances.IgnoreQueryFilters().Select(i => i.OrganizationId).ToListAsync();
            seen.ShouldBe([mine]);
            (await db.Instances.IgnoreQueryFilters().Where(i => i.Id == instance.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.Name, "stolen"))).ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_row_cannot_be_written_into_another_organization()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var api = new ControlPlaneScope(database.Api, TimeProvider.System);
        var (mine, theirs) = (await api.AddOrganizationAsync("Mine"), await api.AddOrganizationAsync("Theirs"));

        var (scope, db) = api.Enter(mine);
        await using (scope)
        {
            db.Write(theirs, Actor.System("test"), "instance.created", "ins_x", null, TimeProvider.System);
            var refused = await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync());
            refused.InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    [Fact]
    public async Task Nothing_entered_means_nothing_seen()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var api = new ControlPlaneScope(database.Api, TimeProvider.System);
        await api.AddInstanceAsync(await api.AddOrganizationAsync());

        await using var connection = new NpgsqlConnection(database.Api);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("SELECT (SELECT count(*) FROM instances) + (SELECT count(*) FROM organizations) + (SELECT count(*) FROM operations)", connection);
        (await count.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task A_connection_from_the_pool_forgets_whom_it_worked_for()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var api = new ControlPlaneScope(database.Api, TimeProvider.System);
        await api.AddInstanceAsync(await api.AddOrganizationAsync());

        await using var scope = api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        (await db.Instances.IgnoreQueryFilters().CountAsync()).ShouldBe(0);
    }

    /// <summary>Every table with an organization's rows has its wall, also the one that somebody adds tomorrow.</summary>
    [Fact]
    public async Task Every_table_with_an_organization_has_row_security()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync();
        await using var query = new NpgsqlCommand("""
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attname = 'organization_id' AND NOT a.attisdropped
              AND NOT (c.relrowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
            """, connection);
        await using var rows = await query.ExecuteReaderAsync();
        var open = new List<string>();
        while (await rows.ReadAsync())
            open.Add(rows.GetString(0));
        open.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SELECT * FROM instances")]
    [InlineData("SELECT * FROM operations")]
    [InlineData("SELECT * FROM api_tokens")]
    [InlineData("SELECT * FROM audit_entries")]
    public async Task Portal_role_cannot_read_what_is_not_its_business(string sql)
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(database.Web);
        await connection.OpenAsync();
        await using var query = new NpgsqlCommand(sql, connection);
        (await Should.ThrowAsync<PostgresException>(() => query.ExecuteScalarAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET action = 'nothing'")]
    [InlineData("DELETE FROM audit_entries")]
    [InlineData("TRUNCATE audit_entries")]
    public async Task Nobody_rewrites_the_audit_log_not_even_its_owner(string sql)
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var api = new ControlPlaneScope(database.Api, TimeProvider.System);
        var organization = await api.AddOrganizationAsync();
        var (scope, db) = api.Enter(organization);
        await using (scope)
        {
            db.Write(organization, Actor.System("test"), "instance.created", "ins_x", null, TimeProvider.System);
            await db.SaveChangesAsync();
        }

        await using var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).MessageText.ShouldContain("append-only");
    }
}
