using System.CommandLine;
using System.Globalization;

namespace Faktory.Server.Cli;

/// <summary><c>locks</c>: how many locks of unique jobs a running server holds. All of them are read, in parts.</summary>
static class LocksCommand
{
    internal static Command Create()
    {
        var command = new Command("locks", "count the locks of unique jobs on the running server at --admin");
        foreach (var option in AdminQuestion.Options)
            command.Options.Add(option);
        return command.Does(async (flags, cancel) => await AdminQuestion.PrintAsync(
            flags, await AdminQuestion.AskAsync(flags, "GET", "/admin/locks", cancel),
            locks => string.Create(CultureInfo.InvariantCulture, $"{locks.GetProperty("held").GetInt64():n0} held, {locks.GetProperty("over").GetInt64():n0} over and not swept yet\n")));
    }
}
