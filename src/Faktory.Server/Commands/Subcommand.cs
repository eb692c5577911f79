using System.Text;

namespace Faktory.Server.Commands;

/// <summary>The first word behind a command, as in TRACK GET.</summary>
static class Subcommand
{
    /// <returns>In capitals.</returns>
    internal static string Read(ReadOnlySpan<byte> argument, out ReadOnlySpan<byte> rest)
    {
        var space = argument.IndexOf((byte)' ');
        rest = space < 0 ? default : argument[(space + 1)..];
        return Encoding.UTF8.GetString(space < 0 ? argument : argument[..space]).ToUpperInvariant();
    }
}
