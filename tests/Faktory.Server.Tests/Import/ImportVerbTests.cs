using System.Text.Json;
using Faktory.Server.Tests.Cli;
using Faktory.Server.Tests.Crash;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Import;

/// <summary><c>import</c> as an operator runs it.</summary>
public sealed class ImportVerbTests : IDisposable
{
    readonly TestFolder _folder = new();

    public ImportVerbTests() => Assert.SkipUnless(RedisServer.IsInstalled, "redis-server is not installed: NOTHING of the import was tested");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_imported_is_served()
    {
        var file = await WriteAsync();

        var run = await CommandRun.OfAsync("import", file, "-d", _folder["data"], "--json");

        run.Code.ShouldBe(0, run.Errors);
        JsonElement.Parse(run.Output).GetProperty("counts").GetProperty("queued").GetInt32().ShouldBe(22);
        await using var server = await ServerProcess.StartAsync(_folder["data"]);
        await using var client = await server.ConnectAsync();
        (await client.FetchJidAsync()).ShouldBe(OriginalServer.Jid("works", 0));
        (await client.QueueSizeAsync("bulk")).ShouldBe(10);
        (await client.InfoAsync()).GetProperty("faktory").GetProperty("total_processed").GetInt64().ShouldBe(1234567);
    }

    [Fact]
    public async Task Jobs_that_are_there_are_not_replaced_unless_forced_and_then_kept()
    {
        var file = await WriteAsync();
        (await CommandRun.OfAsync("import", file, "-d", _folder["data"])).Code.ShouldBe(0);

        var refused = await CommandRun.OfAsync("import", file, "-d", _folder["data"]);
        (refused.Code, refused.Errors.Contains("--force", StringComparison.Ordinal)).ShouldBe((1, true));

        var forced = await CommandRun.OfAsync("import", file, "-d", _folder["data"], "--force", "--json");
        forced.Code.ShouldBe(0, forced.Errors);
        Directory.Exists(JsonElement.Parse(forced.Output).GetProperty("previous").GetString()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_damaged_file_leaves_nothing_behind()
    {
        var file = await WriteAsync();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var run = await CommandRun.OfAsync("import", file, "-d", _folder["data"]);

        run.Code.ShouldBe(1);
        run.Errors.ShouldContain($"at byte {bytes.Length - 8}: its checksum is ");
        Directory.EnumerateFileSystemEntries(_folder["data"]).Select(Path.GetFileName).ShouldBe(["lock"]);
    }

    async Task<string> WriteAsync()
    {
        await using var redis = await RedisServer.StartAsync(_folder["redis"]);
        await OriginalServer.FillAsync(redis, 10, 100);
        return await redis.SaveAsync();
    }
}
