using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EndToEnd;

/// <summary>A job server of its own with its web UI.</summary>
sealed class JobServer : IAsyncDisposable
{
    const int Running = 8;
    const int JobsAtOnce = 1000;

    readonly string folder = Directory.CreateTempSubdirectory("faktory-web-").FullName;
    readonly Process process;
    readonly List<TcpClient> clients = [];
    readonly Log log = new("the job server");

    const string Settings = """
        [web]
        enqueue = true
        [weights]
        critical = 5
        [throttles]
        mailers = { concurrency = 5, timeout = 60 }
        default = { worker = 10, rate = 1000, per = "second", burst = 3000 }
        [jobtype_throttles]
        ChargeCard = { rate = 100, per = "hour" }
        [[cron]]
          name = "nightly report"
          schedule = "30 2 * * *"
          time_zone = "Europe/Berlin"
          [cron.job]
            type = "MonthlyReport"
            queue = "reports"
        [[cron]]
          schedule = "*/5 * * * *"
          [cron.job]
            type = "Housekeeping"
            [cron.job.custom]
              unique_for = 240
        """;

    JobServer()
    {
        Directory.CreateDirectory(Path.Combine(folder, "conf.d"));
        File.WriteAllText(Path.Combine(folder, "conf.d", "features.toml"), Settings);
        process = Process.Start(new ProcessStartInfo(Built.Server, ["-b", "127.0.0.1:0", "-w", "127.0.0.1:0", "-d", Path.Combine(folder, "data"), "-c", folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, line) => log.Hear(line.Data);
        process.BeginErrorReadLine();
    }

    internal Uri Web { get; private set; } = null!;

    /// <summary>With a worker that has done, failed and begun some of thousands of jobs.</summary>
    internal static async Task<JobServer> StartAsync()
    {
        var server = new JobServer();
        await server.WorkAsync(await server.ListenAsync());
        return server;
    }

    /// <summary>With so many dead jobs of each type, in queues of the same names. A kilobyte each, so that it takes a while to look through them.</summary>
    internal static async Task<JobServer> StartWithDeadAsync(params (string Type, int Count)[] jobs)
    {
        var server = new JobServer();
        var client = await server.ConnectAsync(await server.ListenAsync(), """{"v":2}""");
        var more = $",\"at\":\"2099-01-01T08:00:00Z\",\"padding\":\"{new string('x', 1000)}\"";
        foreach (var (type, count) in jobs)
        {
            foreach (var part in Enumerable.Range(1, count).Chunk(JobsAtOnce))
                await CallAsync(client, $"PUSHB [{string.Join(',', part.Select(i => Job(type, type, i, more)))}]");
        }
        await CallAsync(client, """MUTATE {"cmd":"kill","target":"scheduled"}""");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(c => c.Dispose());
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
        Evidence.Keep(log.End);
    }

    /// <returns>The port of commands.</returns>
    async Task<int> ListenAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(" http://", StringComparison.Ordinal))
                Web = new Uri(line.Split(' ')[^1]);
            if (line.Contains(" tcp://", StringComparison.Ordinal))
                return new Uri(line.Split(' ')[^1]).Port;
        }
        throw new InvalidOperationException($"the job server did not start\n{log.End}");
    }

    async Task WorkAsync(int port)
    {
        var worker = await ConnectAsync(port, """{"v":2,"wid":"3f2a9c77d1e04b58","hostname":"worker-fra-1","pid":4211,"labels":["ruby-3.4","blue"],"rss_kb":184320}""");
        await ConnectAsync(port, """{"v":2,"wid":"b81d04c2aa9e4f10","hostname":"worker-fra-2","pid":977,"labels":["node-22"],"rss_kb":96512}""");
        foreach (var (queue, type, count) in ((string, string, int)[])[("critical", "ChargeCard", 40), ("default", "ResizeImage", 2200), ("mailers", "WelcomeMail", 700), ("reports", "MonthlyReport", 90)])
            await CallAsync(worker, $"PUSHB [{string.Join(',', Enumerable.Range(1, count).Select(i => Job(queue, type, i)))}]");
        var due = Enumerable.Range(1, 140).Select(i => Job("mailers", "ReminderMail", i, string.Create(CultureInfo.InvariantCulture, $",\"at\":\"2099-01-{1 + i % 28:00}T08:00:00Z\"")));
        await CallAsync(worker, $"PUSHB [{string.Join(',', due)}]");
        await CallAsync(worker, """QUEUE PAUSE reports {"reason":"the warehouse is being moved","until":"2099-01-01T00:00:00Z"}""");

        for (var i = 0; i < 400; i++)
        {
            var job = JsonElementOf(await CallAsync(worker, i % 9 == 0 ? "FETCH mailers" : "FETCH default")).GetProperty("jid").GetString();
            if (i % 5 == 0)
                await CallAsync(worker, $$"""FAIL {"jid":"{{job}}","errtype":"{{(i % 2 == 0 ? "Net::ReadTimeout" : "ActiveRecord::RecordNotFound")}}","message":"{{(i % 2 == 0 ? "Net::ReadTimeout with #<TCPSocket:(closed)>" : "Couldn't find User with 'id'=4711")}}","backtrace":["app/jobs/resize_image.rb:18:in 'perform'","lib/worker.rb:77:in 'block in run'","lib/worker.rb:61:in 'run'"]}""");
            else if (i < 400 - Running)
                await CallAsync(worker, $$"""ACK {"jid":"{{job}}"}""");
            else if (i % 2 == 0)
                await CallAsync(worker, $$"""TRACK SET {"jid":"{{job}}","percent":{{(400 - i) * 12}},"desc":"{{(i % 4 == 0 ? "reading the original" : "")}}"}""");
        }
        await BatchAsync(worker, "Import of 2099-01.csv", 240, 200, isCommitted: true);
        await BatchAsync(worker, "Invoices", 12, 12, isCommitted: true);
        await BatchAsync(worker, "Thumbnails of the summer catalogue", 30, 4, isCommitted: false);
    }

    // With so many jobs, of which some are done.
    static async Task BatchAsync(TcpClient worker, string description, int jobs, int done, bool isCommitted)
    {
        var name = description.Split(' ')[0];
        var bid = await CallAsync(worker, $$"""BATCH NEW {"description":"{{description}}","success":{{Job("callbacks", name + "Done", jobs)}} }""");
        await CallAsync(worker, $"PUSHB [{string.Join(',', Enumerable.Range(1, jobs).Select(i => $$"""{"jid":"{{name}}-{{i:x8}}","jobtype":"{{name}}","queue":"{{name}}","args":[{{i}}],"custom":{"bid":"{{bid}}"} }"""))}]");
        if (isCommitted)
            await CallAsync(worker, $"BATCH COMMIT {bid}");
        for (var i = 0; i < done; i++)
            await CallAsync(worker, $$"""ACK {"jid":"{{JsonElementOf(await CallAsync(worker, $"FETCH {name}")).GetProperty("jid").GetString()}}"}""");
    }

    // Every third one has no retries left when it fails; the others have failed before, and are not due again while they are looked at.
    static string Job(string queue, string type, int i, string more = "") =>
        $$"""{"jid":"{{queue}}-{{i:x8}}","jobtype":"{{type}}","queue":"{{queue}}","retry":{{(i % 3 == 0 ? -1 : 25)}},"args":[{{i}},"https://cdn.example.com/originals/{{i}}.jpg",{"width":640,"crop":null,"tags":["a","b"]}],"custom":{"locale":"en","tenant":{{i % 7}}},"failure":{"retry_count":8,"remaining":17}{{more}}}""";

    async Task<TcpClient> ConnectAsync(int port, string hello)
    {
        var client = new TcpClient();
        clients.Add(client);
        await client.ConnectAsync("127.0.0.1", port);
        await ReadLineAsync(client.GetStream());
        await CallAsync(client, $"HELLO {hello}");
        return client;
    }

    static async Task<string> CallAsync(TcpClient client, string line)
    {
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"));
        var answer = await ReadLineAsync(stream);
        if (answer.StartsWith('-'))
            throw new InvalidOperationException($"{line[..Math.Min(80, line.Length)]}: {answer}");
        return answer.StartsWith('$') ? await ReadLineAsync(stream) : answer;
    }

    static async Task<string> ReadLineAsync(NetworkStream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (one[0] != '\n')
        {
            await stream.ReadExactlyAsync(one);
            line.Add(one[0]);
        }
        return Encoding.UTF8.GetString([.. line]).TrimEnd();
    }

    static System.Text.Json.JsonElement JsonElementOf(string json) => System.Text.Json.JsonElement.Parse(json);
}
