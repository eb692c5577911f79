using Faktory.Server.Config;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Config;

public sealed class PasswordSourceTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly Dictionary<string, string> _environment = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Development_needs_none() => Find("development").ShouldBeNull();

    [Theory]
    [InlineData("staging")]
    [InlineData("production")]
    public void Elsewhere_none_is_refused(string environment) =>
        Should.Throw<ConfigurationException>(() => Find(environment)).Message.ShouldContain("FAKTORY_PASSWORD");

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("yes")]
    public void Elsewhere_one_can_go_without_by_saying_so(string word)
    {
        _environment["FAKTORY_SKIP_PASSWORD"] = word;

        Find("production").ShouldBeNull();
    }

    [Fact]
    public void Saying_so_does_not_open_a_server_that_has_one()
    {
        _environment["FAKTORY_SKIP_PASSWORD"] = "1";
        _environment["FAKTORY_PASSWORD"] = "secret";

        Find("production").ShouldBe("secret");
    }

    [Theory]
    [InlineData("no")]
    [InlineData("0")]
    [InlineData("")]
    public void Other_words_do_not_say_so(string word)
    {
        _environment["FAKTORY_SKIP_PASSWORD"] = word;

        Should.Throw<ConfigurationException>(() => Find("production"));
    }

    [Fact]
    public void Environment_comes_before_the_files_and_the_files_before_the_folder()
    {
        File.WriteAllText(_folder["password"], "from the folder\n");
        _environment["FAKTORY_PASSWORD"] = "from the environment";

        Find("production", "from the files").ShouldBe("from the environment");
        _environment.Clear();
        Find("production", "from the files").ShouldBe("from the files");
        Find("production").ShouldBe("from the folder");
        Find("development").ShouldBeNull();
    }

    [Fact]
    public void Path_in_the_environment_or_the_files_is_read()
    {
        File.WriteAllText(_folder["secret"], "  from a file\n");

        Find("development", _folder["secret"]).ShouldBe("from a file");
        _environment["FAKTORY_PASSWORD"] = _folder["secret"];
        Find("development", "from the files").ShouldBe("from a file");
    }

    [Fact]
    public void Path_that_cannot_be_read_is_not_taken_for_no_password()
    {
        _environment["FAKTORY_PASSWORD"] = _folder["missing"];

        Should.Throw<ConfigurationException>(() => Find("development")).Message.ShouldContain("missing");
    }

    [Fact]
    public void Empty_file_is_no_password()
    {
        File.WriteAllText(_folder["secret"], "\n");
        _environment["FAKTORY_PASSWORD"] = _folder["secret"];

        Should.Throw<ConfigurationException>(() => Find("production"));
    }

    [Fact]
    public void Single_hash_is_allowed_only_where_the_files_say_so()
    {
        _environment["FAKTORY_PASSWORD"] = "secret";

        PasswordSource.Find("production", _folder.Path, null, Variable).AllowsSingleHash.ShouldBeFalse();
        PasswordSource.Find("production", _folder.Path, new ListenerSettings { AllowSingleHash = true }, Variable).AllowsSingleHash.ShouldBeTrue();
    }

    string? Variable(string name) => _environment.GetValueOrDefault(name);

    string? Find(string environment, string? configured = null) =>
        PasswordSource.Find(environment, _folder.Path, new ListenerSettings { Password = configured }, Variable).Passwords.Select(p => p.Value).SingleOrDefault();
}
