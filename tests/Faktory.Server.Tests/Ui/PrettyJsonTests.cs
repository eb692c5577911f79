using System.Text;
using Faktory.Server.Ui.Rendering;

namespace Faktory.Server.Tests.Ui;

public sealed class PrettyJsonTests
{
    [Theory]
    [InlineData("[]", "[]")]
    [InlineData("{\"a\":{}}", "{\n  \"a\": {}\n}")]
    [InlineData("[1,[2,3],{\"b\":null}]", "[\n  1,\n  [\n    2,\n    3\n  ],\n  {\n    \"b\": null\n  }\n]")]
    [InlineData("{\"z\":1.0,\"a\":12345678901234567890,\"e\":1e3}", "{\n  \"z\": 1.0,\n  \"a\": 12345678901234567890,\n  \"e\": 1e3\n}")]
    [InlineData("[\"é<\\u003e\\\"\\n\"]", "[\n  \"é<>\\\"\\n\"\n]")]
    [InlineData("[\"\\ud800\"]", "[\n  \"\\\\ud800\"\n]")]
    [InlineData("[1,", "[1,")]
    public void Json_is_laid_out_and_says_the_same(string json, string expected) => PrettyJson.Format(Encoding.UTF8.GetBytes(json)).ShouldBe(expected);

    [Fact]
    public void What_is_too_long_for_a_page_is_cut()
    {
        var text = PrettyJson.Format(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("\"0123456789\"", 100_000))}]"));
        text.Length.ShouldBe(PrettyJson.CharactersMax + 1);
        text.ShouldEndWith("…");
    }
}
