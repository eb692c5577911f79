using System.Globalization;

namespace Faktory.Server.Ui.Rendering;

static class Units
{
    static readonly string[] Names = ["B", "kB", "MB", "GB", "TB"];

    internal static string Format(ByteSize size)
    {
        var (value, unit) = ((double)size.Bytes, 0);
        for (; value >= 1000 && unit < Names.Length - 1; unit++)
            value /= 1000;
        return value.ToString(unit == 0 || value >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Names[unit];
    }
}
