using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Tests.Hosting;

public sealed class HostTests
{
    [Fact]
    public async Task It_serves_until_it_is_interrupted_and_leaves_no_process()
    {
        using var data = new DataFolder();
        await using var host = await HostProcess.StartAsync(data);
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(host.Api, "readyz"))).StatusCode.ShouldBe(HttpStatusCode.OK, host.Output);
        (await http.GetAsync(new Uri(host.Portal, "healthz"))).StatusCode.ShouldBe(HttpStatusCode.OK, host.Output);

        await host.InterruptAsync();

        (await host.ExitCodeAsync()).ShouldBe(0, host.Output);
        ProcessesOn(data).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_one_on_the_same_folder_is_refused_and_harms_nothing()
    {
        using var data = new DataFolder();
        await using var first = await HostProcess.StartAsync(data);

        await using var second = await HostProcess.StartAsync(data);

        (await second.ExitCodeAsync()).ShouldBe(1);
        second.Output.ShouldContain("Another Faktory Cloud runs on");
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(first.Api, "readyz"))).StatusCode.ShouldBe(HttpStatusCode.OK, first.Output);
    }

    [Fact]
    public async Task Two_folders_run_side_by_side()
    {
        using var one = new DataFolder();
        using var other = new DataFolder();
        await using var first = await HostProcess.StartAsync(one);
        await using var second = await HostProcess.StartAsync(other);

        new[] { first.Api, first.Portal, second.Api, second.Portal }.ShouldBeUnique();
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(second.Api, "readyz"))).StatusCode.ShouldBe(HttpStatusCode.OK, second.Output);
    }

    [Fact]
    public async Task After_a_kill_the_next_start_cleans_up()
    {
        using var data = new DataFolder();
        await using (var killed = await HostProcess.StartAsync(data))
            killed.Kill();

        await using var host = await HostProcess.StartAsync(data);

        using var http = new HttpClient();
        (await http.GetAsync(new Uri(host.Api, "readyz"))).StatusCode.ShouldBe(HttpStatusCode.OK, host.Output);
    }

    [Fact]
    public async Task A_port_that_was_asked_for_and_is_taken_is_refused_by_name()
    {
        using var data = new DataFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using var host = await HostProcess.StartAsync(data, "--api", $"{port}");

        (await host.ExitCodeAsync()).ShouldBe(1);
        host.Output.ShouldContain($"Port {port} is taken. Choose another one with --api");
    }

    [Fact]
    public async Task Nonsense_on_the_command_line_is_named()
    {
        using var data = new DataFolder();
        await using var host = await HostProcess.StartAsync(data, "--portal", "seventy");

        (await host.ExitCodeAsync()).ShouldBe(1);
        host.Output.ShouldContain("--portal must be a port between 1 and 65535.");
    }

    static IEnumerable<string> ProcessesOn(DataFolder data) =>
        from process in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(process), out _)
        let line = CommandLine(process)
        where line.Contains(data.Path, StringComparison.Ordinal)
        select line;

    static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // It ended while we looked.
        }
    }
}
