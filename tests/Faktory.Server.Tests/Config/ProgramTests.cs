using System.Net;
using System.Net.Sockets;
using Faktory.Server.Tests.Crash;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Config;

/// <summary>The program as it is started: flags, environment, files, signals, exit codes.</summary>
public sealed class ProgramTests : IDisposable
{
    const int BadConfiguration = 78;
    const int AddressInUse = 98;

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Version_is_told()
    {
        var (code, output, _) = await ServerProcess.RunAsync([], "-v");

        code.ShouldBe(0);
        output.ShouldStartWith("faktory-server ");
    }

    [Fact]
    public async Task Help_names_the_flags_of_the_original()
    {
        var (code, output, _) = await ServerProcess.RunAsync([], "-h");

        code.ShouldBe(0);
        foreach (var flag in (string[])["-b", "-w", "-e", "-l", "-d", "-c", "-v"])
            output.ShouldContain($" {flag} ");
    }

    [Theory]
    [InlineData("-e", "testing")]
    [InlineData("-l", "loud")]
    [InlineData("--nonsense", "1")]
    public async Task Wrong_flag_is_answered_with_help(string flag, string value)
    {
        var (code, output, errors) = await ServerProcess.RunAsync([], flag, value);

        code.ShouldNotBe(0);
        (output + errors).ShouldContain("Usage:");
    }

    [Fact]
    public async Task Wrong_environment_is_refused()
    {
        var (code, _, errors) = await ServerProcess.RunAsync(new() { ["FAKTORY_ENV"] = "testing" }, "-d", _folder["data"]);

        code.ShouldBe(BadConfiguration);
        errors.ShouldBe("faktory-server: FAKTORY_ENV is \"testing\": it must be development, staging or production\n");
    }

    [Theory]
    [InlineData("staging")]
    [InlineData("production")]
    public async Task Server_outside_development_does_not_start_without_a_password(string environment)
    {
        var (code, _, errors) = await ServerProcess.RunAsync([], "-e", environment, "-d", _folder["data"], "-c", _folder["config"]);

        code.ShouldBe(BadConfiguration);
        errors.ShouldStartWith($"faktory-server: a {environment} server needs a password: ");
        Directory.Exists(_folder["data"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Password_of_the_environment_is_asked_for()
    {
        await using var server = await ServerProcess.StartAsync(Command(), new() { ["FAKTORY_ENV"] = "production", ["FAKTORY_PASSWORD"] = "secret" });

        (await GreetingAsync(server)).ShouldStartWith("""+HI {"v":2,"i":""");
    }

    [Fact]
    public async Task Files_name_the_binding_and_the_password_unless_a_flag_does()
    {
        WriteToml("[faktory]\nbinding = \"256.0.0.1:nonsense\"\npassword = \"secret\"");

        var (code, _, errors) = await ServerProcess.RunAsync([], "-d", _folder["data"], "-c", _folder["config"]);
        code.ShouldBe(BadConfiguration);
        errors.ShouldContain("256.0.0.1:nonsense");

        await using var server = await ServerProcess.StartAsync(Command(), []);
        (await GreetingAsync(server)).ShouldStartWith("""+HI {"v":2,"i":""");
    }

    [Fact]
    public async Task Hang_up_signal_reads_the_files_again_and_survives_a_broken_one()
    {
        await using var server = await ServerProcess.StartAsync(Command(), []);
        (await GreetingAsync(server)).ShouldBe("""+HI {"v":2}""");

        WriteToml("[faktory]\npassword = \"secret\"");
        await server.SignalAsync("HUP");
        await UntilGreetingAsync(server, greeting => greeting.Contains("\"i\":", StringComparison.Ordinal));

        WriteToml("[faktory");
        await server.SignalAsync("HUP");
        (await GreetingAsync(server)).ShouldContain("\"i\":");
        (await server.TerminateAsync()).ShouldBe(0);
        (await server.EndAsync()).Errors.ShouldContain("configuration not read again: ");
    }

    [Fact]
    public async Task Address_that_another_program_has_ends_it_with_a_code_of_its_own()
    {
        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var address = $"127.0.0.1:{((IPEndPoint)other.LocalEndPoint!).Port}";

        var (code, _, errors) = await ServerProcess.RunAsync([], "-b", address, "-d", _folder["data"], "-c", _folder["config"]);

        code.ShouldBe(AddressInUse);
        errors.ShouldContain(address);
        errors.Trim().ShouldNotContain("\n");
    }

    [Fact]
    public async Task Certificate_in_the_configuration_folder_is_served()
    {
        using var certificate = TestCertificate.Write(_folder["config"]);
        await using var server = await ServerProcess.StartAsync(Command(), []);
        await using var plain = await WireClient.DialAsync(server.Port);

        await using var client = await plain.SecureAsync(certificate);

        (await client.ReadLineAsync()).ShouldBe("""+HI {"v":2}""");
    }

    [Fact]
    public async Task Health_check_without_a_server_is_unhealthy()
    {
        (await ServerProcess.RunAsync([], "healthcheck")).Code.ShouldBe(1);
        (await ServerProcess.RunAsync([], "healthcheck", "--admin", "127.0.0.1:1")).Code.ShouldBe(1);
    }

    string[] Command() => [ServerProcess.Program, "-b", "127.0.0.1:0", "-w", ":0", "-d", _folder["data"], "-c", _folder["config"]];

    void WriteToml(string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder["config"], "conf.d")).FullName;
        // Whole at once: the server may read it at any moment.
        File.WriteAllText(_folder["next.toml"], text);
        File.Move(_folder["next.toml"], Path.Combine(folder, "server.toml"), overwrite: true);
    }

    static async Task<string> GreetingAsync(ServerProcess server)
    {
        await using var client = await WireClient.DialAsync(server.Port);
        return await client.ReadLineAsync();
    }

    // A signal is delivered some time later.
    static async Task UntilGreetingAsync(ServerProcess server, Func<string, bool> isReached)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (!isReached(await GreetingAsync(server)))
            patience.Token.ThrowIfCancellationRequested();
    }
}
