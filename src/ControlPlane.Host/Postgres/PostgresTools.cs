namespace ControlPlane.Host.Postgres;

/// <summary>The folder with <c>initdb</c> and <c>postgres</c> of one major version.</summary>
sealed record PostgresTools(string Folder, int MajorVersion)
{
    const string DebianFolder = "/usr/lib/postgresql";

    internal string Path(string tool) => System.IO.Path.Combine(Folder, tool);

    /// <param name="majorVersion">The version that an existing cluster was made by; null takes the newest there is.</param>
    /// <exception cref="PrivatePostgresException">Nothing suitable is installed.</exception>
    internal static PostgresTools Find(int? majorVersion)
    {
        var installed = Installed(DebianFolder);
        var chosen = majorVersion is null ? installed.MaxBy(t => t.MajorVersion) : installed.Find(t => t.MajorVersion == majorVersion);
        return chosen ?? throw new PrivatePostgresException(majorVersion is null
            ? $"PostgreSQL is not installed: no initdb under {DebianFolder}. On Debian and Ubuntu: apt-get install postgresql"
            : $"The data folder was made by PostgreSQL {majorVersion}, which is not installed here. On Debian and Ubuntu: apt-get install postgresql-{majorVersion}");
    }

    static List<PostgresTools> Installed(string root) => !Directory.Exists(root) ? [] :
        [.. from version in Directory.EnumerateDirectories(root)
            where int.TryParse(System.IO.Path.GetFileName(version), out _) && File.Exists(System.IO.Path.Combine(version, "bin/initdb"))
            select new PostgresTools(System.IO.Path.Combine(version, "bin"), int.Parse(System.IO.Path.GetFileName(version), System.Globalization.CultureInfo.InvariantCulture))];
}
