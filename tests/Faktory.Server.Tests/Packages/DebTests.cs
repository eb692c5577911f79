using System.Diagnostics;
using Faktory.Server.Tests.Cli;
using Faktory.Server.Tests.Crash;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Packages;

/// <summary>The Debian package, built of the program under test, unpacked and run from where it would be installed.</summary>
public sealed class DebTests : IDisposable
{
    readonly TestFolder _folder = new();

    public DebTests()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dpkg-deb"), "dpkg-deb is not there: NOTHING of the package was tested");
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("FAKTORY_SERVER") is { Length: > 0 },
            "FAKTORY_SERVER names no published server: NOTHING of the package was tested");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_program_runs_from_where_it_is_installed_and_stores_jobs()
    {
        await BuildAsync();
        var program = _folder["root/usr/bin/faktory-server"];
        (await CommandRun.OfAsync("", [], [program, "-v"])).Output.ShouldStartWith("faktory-server ");

        await using var server = await ServerProcess.StartAsync(
            [program, "serve", "-b", "127.0.0.1:0", "-w", ":0", "-d", _folder["data"], "-c", _folder["config"]], new() { ["FAKTORY_SKIP_PASSWORD"] = "1" });
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");
        (await client.FetchJidAsync()).ShouldBe("job-00001");
    }

    [Fact]
    public async Task Files_have_their_places_modes_and_sums_and_what_is_run_on_installing_parses()
    {
        var contents = (await RunAsync("dpkg-deb", "--contents", await BuildAsync())).Split('\n');
        foreach (var (mode, path) in ((string, string)[])[
            ("-rwxr-xr-x root/root", "./usr/lib/faktory-server/faktory-server"), ("-rw-r--r-- root/root", "./usr/lib/systemd/system/faktory-server.service"),
            ("drwxr-x--- root/root", "./etc/faktory/conf.d/"), ("-rw-r----- root/root", "./etc/faktory/conf.d/server.toml"),
            ("-rw-r--r-- root/root", "./usr/share/doc/faktory-server/copyright")])
            contents.ShouldContain(line => line.StartsWith(mode, StringComparison.Ordinal) && line.EndsWith(" " + path, StringComparison.Ordinal), path);
        foreach (var script in (string[])["postinst", "prerm", "postrm"])
            await RunAsync("sh", "-n", Path.Combine(_folder["control"], script));
        var unit = await File.ReadAllLinesAsync(_folder["root/usr/lib/systemd/system/faktory-server.service"]);
        unit.ShouldContain("ExecReload=/bin/kill -HUP $MAINPID");
        unit.ShouldContain("User=faktory");
        await RunAsync("sh", "-c", $"cd {_folder["root"]} && md5sum --check --quiet {_folder["control"]}/md5sums");
    }

    [Fact]
    public async Task Debians_own_check_of_packages_finds_nothing()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/lintian"), "lintian is not there");
        (await RunAsync("lintian", "--allow-root", "--fail-on", "error,warning", await BuildAsync("xz"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Systemd_understands_every_line_of_the_unit()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not there");
        var unit = await File.ReadAllTextAsync(Path.Combine(Repository, "infra/deb/faktory-server.service"));
        // It looks for the program where it will be installed.
        Directory.CreateDirectory(_folder["unit"]);
        await File.WriteAllTextAsync(_folder["unit/faktory-server.service"], unit.Replace("/usr/lib/faktory-server/faktory-server ", "/bin/true ", StringComparison.Ordinal));

        (await RunAsync("sh", "-c", $"systemd-analyze verify --man=no {_folder["unit/faktory-server.service"]} 2>&1")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_program_gives_the_same_package()
    {
        var before = await File.ReadAllBytesAsync(await BuildAsync());

        (await File.ReadAllBytesAsync(await BuildAsync())).AsSpan().SequenceEqual(before).ShouldBeTrue();
    }

    /// <summary>Returns the package's path; what it installs is in <c>root</c> then, and its scripts in <c>control</c>.</summary>
    async Task<string> BuildAsync(string compressor = "none")
    {
        var script = Path.Combine(Repository, "infra/deb/build-deb.sh");
        var server = Path.GetDirectoryName(ServerProcess.Program)!;
        var package = (await RunAsync("env", $"DPKG_DEB_COMPRESSOR_TYPE={compressor}", script, "--server", server, "--out", _folder["out"])).Trim();
        await RunAsync("dpkg-deb", "--extract", package, _folder["root"]);
        await RunAsync("dpkg-deb", "--control", package, _folder["control"]);
        return package;
    }

    static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "FaktoryCloud.slnx")))
                folder = folder.Parent!;
            return folder.FullName;
        }
    }

    static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, output + await errors);
        return output;
    }
}
