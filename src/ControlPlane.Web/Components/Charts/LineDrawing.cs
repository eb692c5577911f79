using System.Globalization;
using System.Text;

namespace ControlPlane.Web.Components.Charts;

/// <summary>A line in a box of 600 by 100 units, the newest point at the right edge.</summary>
static class LineDrawing
{
    public const int Width = 600;
    public const int Height = 100;

    static readonly int[] steps = [1, 2, 5, 10];

    /// <summary>The next of 1, 2, 5 times a power of ten, so that the scale changes rarely.</summary>
    public static double Ceiling(double highest)
    {
        if (highest <= 1)
            return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(highest)));
        return steps.Select(step => step * power).First(limit => limit >= highest);
    }

    /// <summary>The d attribute of a path through the points.</summary>
    public static string Line(IReadOnlyList<ChartPoint> points, double ceiling)
    {
        var path = new StringBuilder();
        foreach (var point in points)
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{X(points, point):0.#} {Height - point.Value / ceiling * Height:0.#}");
        return path.ToString();
    }

    /// <summary>The same, closed along the bottom.</summary>
    public static string Area(IReadOnlyList<ChartPoint> points, double ceiling) =>
        string.Create(CultureInfo.InvariantCulture, $"{Line(points, ceiling)}L{Width} {Height}L{X(points, points[0]):0.#} {Height}Z");

    static double X(IReadOnlyList<ChartPoint> points, ChartPoint point)
    {
        var span = (points[^1].At - points[0].At).TotalSeconds;
        return span <= 0 ? 0 : (point.At - points[0].At).TotalSeconds / span * Width;
    }
}
