using ControlPlane.Client;

namespace ControlPlane.Web.Pages.Instances.Connecting;

/// <summary>The snippets of every language, the best-known clients first.</summary>
static class Snippets
{
    public static IReadOnlyList<Snippet> All(CredentialsResponse instance) =>
    [
        RubySnippet.For(instance),
        NodeSnippet.For(instance),
        GoSnippet.For(instance),
        PythonSnippet.For(instance),
        DotNetSnippet.For(instance),
        RustSnippet.For(instance),
        ElixirSnippet.For(instance),
    ];

    /// <summary>The password as the URL holds it, escaped.</summary>
    public static string SecretOf(CredentialsResponse instance)
    {
        var start = instance.FaktoryUrl.IndexOf("//:", StringComparison.Ordinal) + 3;
        return instance.FaktoryUrl[start..instance.FaktoryUrl.LastIndexOf('@')];
    }
}
