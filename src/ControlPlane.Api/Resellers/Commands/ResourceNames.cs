using System.Globalization;

namespace ControlPlane.Api.Resellers.Commands;

/// <summary>Names of instances out of what other platforms call things.</summary>
static class ResourceNames
{
    const int LengthMax = 39;
    const int StemLengthMax = 32;

    /// <summary>Lower-case letters, digits and single hyphens, a letter first, 2 to 32 characters.</summary>
    internal static string ToInstanceName(string wanted)
    {
        var letters = wanted.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-').ToArray();
        var words = string.Join('-', new string(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
        var name = words is [>= 'a' and <= 'z', _, ..] ? words : $"queue-{words}";
        return name[..Math.Min(name.Length, StemLengthMax)].TrimEnd('-');
    }

    internal static string ChooseFree(string name, IReadOnlyCollection<string> taken)
    {
        if (!taken.Contains(name))
            return name;
        for (var number = 2; ; number++)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $"-{number}");
            var candidate = name[..Math.Min(name.Length, LengthMax - suffix.Length)] + suffix;
            if (!taken.Contains(candidate))
                return candidate;
        }
    }
}
