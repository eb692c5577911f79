using Faktory.Server.Config;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Config;

public sealed class UnknownKeysTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[faktory]\npasword = \"secret\"", "pasword in [faktory] is not known and has no effect; did you mean password?")]
    [InlineData("[faktory]\nallow_singel_hash = true", "allow_singel_hash in [faktory] is not known and has no effect; did you mean allow_single_hash?")]
    [InlineData("[Faktory]\nbinding = \":1\"", "[Faktory] is not known and has no effect; did you mean faktory?")]
    [InlineData("[statsd]\nlocation = \"h:1\"\nbuffersize = 3", "buffersize in [statsd] is not known and has no effect; did you mean bufferSize?")]
    [InlineData("[limits]\nconnection_max = 3", "connection_max in [limits] is not known and has no effect; did you mean connections_max?")]
    [InlineData("[web]\ntitle = \"Jobs\"", "title in [web] is not known and has no effect; known are binding, password, enqueue")]
    public void Key_that_nobody_reads_is_named_with_the_nearest_known_one(string toml, string warning) => Warnings(toml).ShouldBe([warning]);

    [Fact]
    public void All_of_them_are_named() => Warnings("top = 1\n[[chron]]\nschedule = \"* * * * *\"\n[faktory]\nbnding = \":1\"").Count().ShouldBe(3);

    [Fact]
    public void Files_without_a_mistake_give_no_warning() => Warnings("""
        [faktory]
        binding = ":7419"
        password = "secret"
        allow_single_hash = true
        [web]
        binding = ":7420"
        password = "other"
        [statsd]
        location = "localhost:8125"
        namespace = "jobs."
        tags = ["env:test"]
        bufferSize = 5
        queueLatency = ["default"]
        """).ShouldBeEmpty();

    IEnumerable<string> Warnings(string toml)
    {
        Directory.CreateDirectory(_folder["conf.d"]);
        File.WriteAllText(Path.Combine(_folder["conf.d"], "test.toml"), toml);
        return TomlSettings.Load(_folder.Path).Warnings;
    }
}
