using System.Buffers.Binary;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>F13: data of another version of the server.</summary>
public sealed class OtherVersionTests(ITestOutputHelper output) : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Data_of_a_newer_format_is_refused_and_whole_when_the_newer_server_is_back()
    {
        for (var round = 0; round < CrashCount.Of(2); round++)
        {
            var data = _folder[$"data-{round}"];
            await using (var server = await ServerProcess.StartAsync(data))
                await (await server.ConnectAsync()).PushAsync("job-00001");
            SetVersion(data, Keys.FormatVersion + 1);

            (await Should.ThrowAsync<InvalidOperationException>(() => ServerProcess.StartAsync(data))).Message
                .ShouldContain($"the data has format {Keys.FormatVersion + 1}, and this server reads format {Keys.FormatVersion}");

            SetVersion(data, Keys.FormatVersion);
            await using var back = await ServerProcess.StartAsync(data);
            await using var client = await back.ConnectAsync();
            (await client.FetchJidAsync()).ShouldBe("job-00001");
        }
        output.WriteLine($"{CrashCount.Of(2)} downgrades refused, losses: 0");
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
