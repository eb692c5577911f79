namespace ControlPlane.Web.Account;

static class LocalPath
{
    /// <returns>The path when it stays on this host, null otherwise: nobody's link may lead people elsewhere after they signed in.</returns>
    public static string? Of(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\') && !path.Any(char.IsControl) ? path : null;
}
