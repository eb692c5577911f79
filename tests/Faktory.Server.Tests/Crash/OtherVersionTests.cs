using System.Buffers.Binary;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;
using Faktory.Server.Tests.Storage;

namespace Faktory.Server.Tests.Crash;

/// <summary>F13: data of another version of the server. There is one format so far; a test of the next one brings its own golden store.</summary>
public sealed class OtherVersionTests(ITestOutputHelper output) : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The upgrade that is there to be shown: every record as the first release wrote it. What is written today is held to the same bytes by <see cref="GoldenStoreTests"/>.</summary>
    [Fact]
    public async Task Data_of_the_first_release_is_served_to_its_last_job_and_keeps_the_format_that_the_first_release_reads()
    {
        var data = _folder["first"];
        GoldenStore.WriteTo(Path.Combine(data, "main"));
        await using (var server = await TestServer.StartAsync(options => options with { DataDirectory = data }))
        {
            await using var client = await server.ConnectAsync();
            (await client.CallAsync("""ACK {"jid":"working-1"}""")).ShouldBe("+OK");
            (await client.CallAsync("QUEUE RESUME paused")).ShouldBe("+OK");
            await AckAsync(server, "urgent--1", "queued--1", "paused--1");
            await server.AdvanceAsync(TimeSpan.FromHours(1));
            await AckAsync(server, "failing-1");
            await server.AdvanceAsync(TimeSpan.FromDays(365));
            await AckAsync(server, "planned-1");
            await client.PushAsync("job-00001");
        }
        using var database = RocksDatabase.Open(Path.Combine(data, "main"));
        database.Get(Keys.Version).ShouldBe([0, 0, 0, 1]);
        StoredJobs.Count(database).Queued.ShouldBe(1);
    }

    [Theory]
    [InlineData(Keys.FormatVersion + 1)]
    [InlineData(Keys.FormatVersion - 1)]
    public async Task Data_of_another_format_is_refused_before_a_record_of_it_is_touched(uint format)
    {
        for (var round = 0; round < CrashCount.Of(2); round++)
        {
            var data = _folder[$"data-{round}"];
            await using (var server = await ServerProcess.StartAsync(data))
                await (await server.ConnectAsync()).PushAsync("job-00001");
            SetVersion(data, format);
            var before = Dump(data);

            (await Should.ThrowAsync<InvalidOperationException>(() => ServerProcess.StartAsync(data))).Message
                .ShouldContain($"the data has format {format}, and this server reads format {Keys.FormatVersion}");

            Dump(data).ShouldBe(before);
            SetVersion(data, Keys.FormatVersion);
            await using var back = await ServerProcess.StartAsync(data);
            await using var client = await back.ConnectAsync();
            (await client.FetchJidAsync()).ShouldBe("job-00001");
        }
        output.WriteLine($"format {format}: {CrashCount.Of(2)} starts refused, losses: 0");
    }

    static async Task AckAsync(TestServer server, params string[] jids)
    {
        await using var client = await server.ConnectAsync();
        foreach (var jid in jids)
        {
            (await server.FetchNowAsync(client, "default paused")).ShouldBe(jid);
            (await client.CallAsync($$"""ACK {"jid":"{{jid}}"}""")).ShouldBe("+OK");
        }
    }

    static List<string> Dump(string data)
    {
        using var database = RocksDatabase.Open(Path.Combine(data, "main"));
        return GoldenStore.Dump(database);
    }

    static void SetVersion(string data, uint version)
    {
        using var database = RocksDatabase.Open(Path.Combine(data, "main"));
        using var batch = new WriteBatch();
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, version);
        batch.Put(Keys.Version, bytes);
        database.Write(batch);
        database.Sync();
    }
}
