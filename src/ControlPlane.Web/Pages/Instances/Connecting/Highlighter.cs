using System.Text;
using System.Text.RegularExpressions;
using System.Web;

namespace ControlPlane.Web.Pages.Instances.Connecting;

/// <summary>Colours strings, comments and keywords of a snippet, and hides its secret. Good enough for our own snippets, no parser.</summary>
static partial class Highlighter
{
    static readonly Dictionary<string, string> keywords = new()
    {
        ["ruby"] = "require require_relative class include def end",
        ["node"] = "const let async await require catch",
        ["go"] = "package import func defer if nil return panic",
        ["python"] = "import from with as def print",
        ["dotnet"] = "using var await new return",
        ["rust"] = "use async fn let mut await move",
        ["elixir"] = "defp defmodule def do end use",
        ["shell"] = "export cat",
    };

    /// <returns>Markup in which everything of <paramref name="code"/> is encoded.</returns>
    public static string Html(string code, string secret, string language)
    {
        var words = keywords.GetValueOrDefault(language, "").Split(' ');
        var html = new StringBuilder();
        var at = 0;
        foreach (Match token in Token().Matches(code))
        {
            html.Append(Encode(code[at..token.Index], secret));
            var kind = token.Groups["text"].Success ? "tok-s" : words.Contains(token.Value) ? "tok-k" : null;
            html.Append(kind is null ? Encode(token.Value, secret) : $"<span class=\"{kind}\">{Encode(token.Value, secret)}</span>");
            at = token.Index + token.Length;
        }
        return html.Append(Encode(code[at..], secret)).ToString();
    }

    static string Encode(string text, string secret)
    {
        var encoded = HttpUtility.HtmlEncode(text);
        if (secret.Length == 0)
            return encoded;
        var shown = HttpUtility.HtmlEncode(secret);
        return encoded.Replace(shown, $"<span data-secret=\"{shown}\">{Snippet.Dots}</span>", StringComparison.Ordinal);
    }

    [GeneratedRegex("""(?<text>"[^"\n]*"|'[^'\n]*'|`[^`\n]*`)|[A-Za-z_]\w*""")]
    private static partial Regex Token();
}
