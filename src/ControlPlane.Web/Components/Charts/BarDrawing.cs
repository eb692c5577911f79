namespace ControlPlane.Web.Components.Charts;

/// <summary>One column: its label, and a value for each series. A value below zero is drawn below the line.</summary>
public sealed record Bar(string Label, IReadOnlyList<long> Values);

/// <param name="Series">From 1, as the colours are numbered.</param>
readonly record struct BarPiece(double X, double Y, double Width, double Height, int Series);

/// <summary>Stacked columns in a box of 600 by 100 units.</summary>
static class BarDrawing
{
    const double ShareOfColumn = .62;
    const double WidestColumn = 90;

    /// <summary>The highest and the lowest value that the box shows, and where zero is in it.</summary>
    public static (double Ceiling, double Floor, double ZeroY) Scale(IReadOnlyList<Bar> bars)
    {
        var ceiling = LineDrawing.Ceiling(bars.Select(Above).DefaultIfEmpty(0).Max());
        var lowest = bars.Select(bar => -Below(bar)).DefaultIfEmpty(0).Max();
        var floor = lowest == 0 ? 0 : -LineDrawing.Ceiling(lowest);
        return (ceiling, floor, ceiling / (ceiling - floor) * LineDrawing.Height);
    }

    public static IEnumerable<BarPiece> Pieces(IReadOnlyList<Bar> bars)
    {
        var (ceiling, floor, zero) = Scale(bars);
        var unit = LineDrawing.Height / (ceiling - floor);
        var column = (double)LineDrawing.Width / Math.Max(1, bars.Count);
        var width = Math.Min(WidestColumn, column * ShareOfColumn);
        for (var i = 0; i < bars.Count; i++)
        {
            var (x, up, down) = (i * column + (column - width) / 2, zero, zero);
            for (var series = 0; series < bars[i].Values.Count; series++)
            {
                var height = Math.Abs(bars[i].Values[series]) * unit;
                if (height == 0)
                    continue;
                var isAbove = bars[i].Values[series] > 0;
                yield return new BarPiece(x, isAbove ? up - height : down, width, height, series + 1);
                (up, down) = isAbove ? (up - height, down) : (up, down + height);
            }
        }
    }

    static double Above(Bar bar) => bar.Values.Where(value => value > 0).Sum();

    static double Below(Bar bar) => bar.Values.Where(value => value < 0).Sum();
}
