using ControlPlane.Client;

namespace ControlPlane.Web.Pages.Instances.Connecting;

/// <summary>How a language gets from nothing to a processed job, with an instance's real address and password.</summary>
/// <param name="Key">In the address of the page, and the highlighter's name of the language.</param>
/// <param name="Note">What to know besides; null for nothing.</param>
/// <param name="Secret">The password as it stands in the code, shown as <see cref="Dots"/> until somebody asks for it.</param>
public sealed record Snippet(string Key, string Name, IReadOnlyList<SnippetStep> Steps, string? Note, string Secret)
{
    public const string Dots = "••••••••••••";
}

/// <param name="IsShell">Commands for a terminal rather than a file.</param>
public sealed record SnippetStep(string Title, string Code, bool IsShell = false)
{
    public static SnippetStep Shell(string title, string code) => new(title, code, IsShell: true);

    /// <summary>What every language needs in the environment of its producers and workers.</summary>
    public static SnippetStep Environment(CredentialsResponse instance) => Shell("Set the environment, of apps and of workers",
        instance.Ca is { } authority
            ? $"""
              export FAKTORY_URL='{instance.FaktoryUrl}'
              cat > faktory-ca.pem <<'END'
              {authority.Trim()}
              END
              export SSL_CERT_FILE=$PWD/faktory-ca.pem
              """
            : $"export FAKTORY_URL='{instance.FaktoryUrl}'");
}
