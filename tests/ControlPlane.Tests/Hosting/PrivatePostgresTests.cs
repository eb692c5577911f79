using System.Diagnostics;
using System.Globalization;
using ControlPlane.Host.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ControlPlane.Tests.Hosting;

public sealed class PrivatePostgresTests
{
    [Fact]
    public async Task A_second_start_finds_what_the_first_wrote()
    {
        using var data = new DataFolder();
        await using (var first = await StartAsync(data))
            await ExecuteAsync(first, "CREATE TABLE kept AS SELECT 42 AS answer");

        await using var second = await StartAsync(data);

        (await ExecuteAsync(second, "SELECT answer FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task Two_folders_are_two_servers()
    {
        using var one = new DataFolder();
        using var other = new DataFolder();
        await using var first = await StartAsync(one);
        await using var second = await StartAsync(other);

        await ExecuteAsync(first, "CREATE TABLE only_here ()");

        (await ExecuteAsync(second, "SELECT to_regclass('only_here') IS NULL")).ShouldBe(true);
    }

    [Fact]
    public async Task It_can_be_reached_through_a_closed_folder_only()
    {
        using var data = new DataFolder();
        await using var postgres = await StartAsync(data);

        (await ExecuteAsync(postgres, "SHOW listen_addresses")).ShouldBe("");
        File.GetUnixFileMode(postgres.SocketFolder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_killed_server_is_back_with_what_was_committed()
    {
        using var data = new DataFolder();
        await using var postgres = await StartAsync(data, isDurable: true);
        await ExecuteAsync(postgres, "CREATE TABLE kept AS SELECT 42 AS answer");

        Process.GetProcessById(Postmaster(data)).Kill();

        (await EventuallyAsync(() => ExecuteAsync(postgres, "SELECT answer FROM kept"))).ShouldBe(42);
    }

    [Fact]
    public async Task A_process_id_used_again_by_a_stranger_does_not_stop_the_start()
    {
        using var data = new DataFolder();
        await using (await StartAsync(data)) { }
        await File.WriteAllTextAsync(PidFile(data), $"{Environment.ProcessId}\n{Path.GetDirectoryName(PidFile(data))}\n1\n5432\n\n\n\n");

        await using var postgres = await StartAsync(data);

        (await ExecuteAsync(postgres, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_an_earlier_host_left_running_gives_way()
    {
        using var data = new DataFolder();
        await using var left = await StartAsync(data);
        var before = Postmaster(data);

        await using var postgres = await StartAsync(data);

        Postmaster(data).ShouldNotBe(before);
        (await ExecuteAsync(postgres, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task An_interrupted_creation_is_begun_again()
    {
        using var data = new DataFolder();
        Directory.CreateDirectory(Path.Combine(data.Path, "postgres.new", "base"));

        await using var postgres = await StartAsync(data);

        (await ExecuteAsync(postgres, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_is_no_obstacle()
    {
        using var data = new DataFolder(below: new string('d', 120));
        await using (var postgres = await StartAsync(data))
        {
            (await ExecuteAsync(postgres, "SELECT 1")).ShouldBe(1);
            postgres.SocketFolder.ShouldNotStartWith(data.Path);
        }

        Directory.EnumerateFileSystemEntries(data.Path, "postgres-socket*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Below_a_folder_closed_to_its_user_the_cluster_lies_elsewhere()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root runs PostgreSQL as somebody else.");
        using var data = new DataFolder(mode: UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using (var first = await StartAsync(data))
            await ExecuteAsync(first, "CREATE TABLE kept AS SELECT 42 AS answer");

        await using var second = await StartAsync(data);

        data.ClusterElsewhere.ShouldNotBeNull();
        (await ExecuteAsync(second, "SELECT answer FROM kept")).ShouldBe(42);
    }

    static Task<PrivatePostgres> StartAsync(DataFolder data, bool isDurable = false) =>
        PrivatePostgres.StartAsync(new PrivatePostgresOptions(data.Path, isDurable), NullLogger.Instance, TimeProvider.System, CancellationToken.None);

    static string PidFile(DataFolder data) => Path.Combine(data.Path, "postgres", "postmaster.pid");

    static int Postmaster(DataFolder data) => int.Parse(File.ReadLines(PidFile(data)).First(), CultureInfo.InvariantCulture);

    static async Task<object?> ExecuteAsync(PrivatePostgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.SuperuserConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    static async Task<T> EventuallyAsync<T>(Func<Task<T>> attempt)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (NpgsqlException)
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
    }
}
