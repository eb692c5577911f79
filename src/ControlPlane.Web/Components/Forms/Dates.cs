using System.Globalization;

namespace ControlPlane.Web.Components.Forms;

/// <summary>What a date field posts, read as the start of that day in UTC.</summary>
static class Dates
{
    public const string Refused = "Enter a day, such as 2026-11-30.";

    /// <returns>True for an empty field too, with no value.</returns>
    public static bool TryParse(string? text, out DateTimeOffset? day)
    {
        day = null;
        if (string.IsNullOrWhiteSpace(text))
            return true;
        if (!DateTimeOffset.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
            return false;
        day = parsed;
        return true;
    }
}
