using Npgsql;

namespace ControlPlane.Tests.Hosting;

public sealed class PostgresFixtureTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("fc_owner")]
    [InlineData("fc_api")]
    [InlineData("fc_web")]
    [InlineData("fc_provisioner")]
    [InlineData("fc_backup")]
    public async Task Every_process_connects_as_its_own_powerless_role(string role)
    {
        await using var database = await postgres.CreateDatabaseAsync();
        string connectionString = role switch
        {
            "fc_owner" => database.Owner,
            "fc_api" => database.Api,
            "fc_web" => database.Web,
            "fc_provisioner" => database.Provisioner,
            _ => database.Backup,
        };

        (await ScalarAsync(connectionString, "SELECT current_user::text")).ShouldBe(role);
        (await ScalarAsync(connectionString, "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user")).ShouldBe(false);
    }

    [Fact]
    public async Task Databases_of_two_tests_do_not_see_one_another()
    {
        await using var one = await postgres.CreateDatabaseAsync();
        await using var other = await postgres.CreateDatabaseAsync();

        await ScalarAsync(one.Owner, "CREATE TABLE seen ()");

        (await ScalarAsync(other.Owner, "SELECT to_regclass('seen') IS NULL")).ShouldBe(true);
    }

    static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
