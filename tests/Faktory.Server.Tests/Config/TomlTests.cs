using Faktory.Server.Config;
using Faktory.Server.Engine;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Config;

public sealed class TomlTests
{
    [Fact]
    public void Without_files_nothing_is_said()
    {
        using var folder = new TestFolder();

        var settings = TomlSettings.Load(folder.Path);

        settings.Faktory.ShouldBeNull();
        settings.Web.ShouldBeNull();
    }

    [Fact]
    public void Files_are_one_document_in_the_order_of_their_names()
    {
        using var folder = new TestFolder();
        Write(folder, "10-first.toml", "[faktory]\nbinding = \"127.0.0.1:7777\"");
        // Only a continuation of the table that the file before it began.
        Write(folder, "20-second.toml", "password = \"secret\"\nallow_single_hash = true");
        Write(folder, "30-web.toml", "[web]\nbinding = \":0\"\npassword = \"other\"");
        Write(folder, "readme.txt", "not TOML");

        var settings = TomlSettings.Load(folder.Path);

        settings.Faktory!.Binding.ShouldBe("127.0.0.1:7777");
        settings.Faktory.Password.ShouldBe("secret");
        settings.Faktory.AllowSingleHash.ShouldBeTrue();
        settings.Web!.Binding.ShouldBe(":0");
        settings.Web.Password.ShouldBe("other");
    }

    [Theory]
    [InlineData("sync", 0)]
    [InlineData("interval", 1000)]
    [InlineData("interval:250", 250)]
    public void Durability_is_at_once_or_within_a_time(string text, int milliseconds) =>
        Durability.Parse(text).Interval.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("always")]
    [InlineData("interval:0")]
    [InlineData("interval:60001")]
    [InlineData("interval:-1")]
    public void Durability_that_cannot_be_kept_is_refused_with_what_can_be(string text) =>
        Should.Throw<ConfigurationException>(() => Durability.Parse(text)).Message.ShouldContain("sync, interval, or interval:N");

    [Fact]
    public void What_this_server_does_not_know_is_passed_over()
    {
        using var folder = new TestFolder();
        Write(folder, "all.toml", """
            top = 1
            [faktory]
            password = "secret"
            dead_key = [1, 2]
            [security.tls]
            on = true
            [[cron]]
            schedule = "*/5 * * * *"
              [cron.job]
              type = "Report"
            [throttles]
            default = { concurrency = 1, timeout = 60 }
            """);

        TomlSettings.Load(folder.Path).Faktory!.Password.ShouldBe("secret");
    }

    [Theory]
    [InlineData("[faktory")]
    [InlineData("[faktory]\nbinding = 7419")]
    [InlineData("[faktory]\nbinding = \"a\"\nbinding = \"b\"")]
    [InlineData("just words")]
    public void What_is_not_such_a_document_is_refused_with_its_place(string document)
    {
        using var folder = new TestFolder();
        Write(folder, "bad.toml", document);

        Should.Throw<ConfigurationException>(() => TomlSettings.Load(folder.Path)).Message.ShouldContain("conf.d");
    }

    [Fact]
    public void Table_in_two_files_is_refused()
    {
        using var folder = new TestFolder();
        Write(folder, "1.toml", "[faktory]\npassword = \"a\"");
        Write(folder, "2.toml", "[faktory]\npassword = \"b\"");

        Should.Throw<ConfigurationException>(() => TomlSettings.Load(folder.Path));
    }

    static void Write(TestFolder folder, string name, string text)
    {
        Directory.CreateDirectory(folder["conf.d"]);
        File.WriteAllText(Path.Combine(folder["conf.d"], name), text);
    }
}
