using System.Text;
using System.Text.Json;

namespace Faktory.Server.Ui.Rendering;

static class LenientString
{
    /// <summary>The string at which the reader stands; one whose escapes are no text is shown as it was written.</summary>
    internal static string Of(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}
