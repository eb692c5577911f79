using System.CommandLine;
using Faktory.Server.Storage;

namespace Faktory.Server.Cli;

/// <summary>What the verbs share that fill a data folder: jobs that are there already are replaced only when asked, and kept beside the new ones.</summary>
static class Replacing
{
    internal static readonly Option<bool> Force = new("--force") { Description = "also where there are jobs already; they are kept beside the new ones" };

    /// <summary>The store that is to be replaced; null for none.</summary>
    /// <exception cref="IOException">There is one, and nobody said --force.</exception>
    internal static string? Previous(DataFolder folder, ParseResult flags)
    {
        if (!Directory.Exists(folder.CurrentPath))
            return null;
        return flags.GetValue(Force)
            ? folder.CurrentPath
            : throw new IOException($"{folder.CurrentPath} holds jobs already; name another folder with -d, or replace them with --force");
    }

    internal static string Describe(string previous) => $"what was there before is in {previous}; delete it when it is not needed";
}
