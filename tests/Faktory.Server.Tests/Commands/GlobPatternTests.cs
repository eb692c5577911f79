using System.Text;
using CsCheck;
using Faktory.Server.Commands;

namespace Faktory.Server.Tests.Commands;

public sealed class GlobPatternTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("*", "")]
    [InlineData("*", "anything")]
    [InlineData("**", "anything")]
    [InlineData("a*c", "abbbc")]
    [InlineData("a*c", "acac")]
    [InlineData("*uid:12345*", "{\"args\":[\"uid:12345\"]}")]
    [InlineData("*a*b*c*", "xxaxxbxxcxx")]
    [InlineData("h?llo", "hello")]
    [InlineData("h[ae]llo", "hallo")]
    [InlineData("h[^e]llo", "hallo")]
    [InlineData("h[a-c]llo", "hbllo")]
    [InlineData("h[c-a]llo", "hbllo")]
    [InlineData("[\\]]", "]")]
    [InlineData("\\*", "*")]
    [InlineData("\\[a]", "[a]")]
    [InlineData("[abc", "b")]
    [InlineData("*ab", "aab")]
    public void Pattern_matches(string pattern, string text) => Matches(pattern, text).ShouldBeTrue();

    [Theory]
    [InlineData("", "a")]
    [InlineData("a", "")]
    [InlineData("a", "A")]
    [InlineData("a*c", "abcd")]
    [InlineData("h?llo", "hllo")]
    [InlineData("h[ae]llo", "hillo")]
    [InlineData("h[^e]llo", "hello")]
    [InlineData("h[a-c]llo", "hdllo")]
    [InlineData("\\*", "a")]
    [InlineData("[abc", "d")]
    [InlineData("uid:1", "uid:12")]
    public void Pattern_does_not_match(string pattern, string text) => Matches(pattern, text).ShouldBeFalse();

    [Fact]
    public void Many_stars_take_no_exponential_time() =>
        Matches(string.Concat(Enumerable.Repeat("a*", 200)) + "b", new string('a', 5000)).ShouldBeFalse();

    [Fact]
    public void Escaped_text_matches_itself_and_stars_around_it_match_it_anywhere() =>
        Gen.Select(Gen.String[Gen.Char["ab*?[]^-\\"], 0, 20], Gen.String[Gen.Char["ab*"], 0, 5]).Sample((text, around) =>
        {
            var escaped = string.Concat(text.Select(letter => "\\" + letter));
            return Matches(escaped, text) && Matches($"*{escaped}*", around + text + around);
        });

    static bool Matches(string pattern, string text) => new GlobPattern(Encoding.UTF8.GetBytes(pattern)).Matches(Encoding.UTF8.GetBytes(text));
}
