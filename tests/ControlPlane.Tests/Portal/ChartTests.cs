using ControlPlane.Client;
using ControlPlane.Web.Components;
using ControlPlane.Web.Components.Charts;

namespace ControlPlane.Tests.Portal;

public sealed class ChartTests
{
    static readonly DateTimeOffset start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    static StatsSample Sample(int second, long processed) => new(start.AddSeconds(second), 0, processed, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, new Dictionary<string, long>());

    [Fact]
    public void A_rate_is_the_growth_of_a_total_per_second() =>
        Series.PerSecond([Sample(0, 100), Sample(10, 150), Sample(12, 150)], s => s.TotalProcessed).Select(p => p.Value).ShouldBe([5, 0]);

    [Fact]
    public void A_total_that_was_counted_anew_draws_no_negative_rate() =>
        Series.PerSecond([Sample(0, 100), Sample(10, 3), Sample(20, 13)], s => s.TotalProcessed).Select(p => p.Value).ShouldBe([1]);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(51, 100)]
    [InlineData(100, 100)]
    [InlineData(101, 200)]
    public void The_scale_ends_at_a_round_number(double highest, double ceiling) => LineDrawing.Ceiling(highest).ShouldBe(ceiling);

    [Fact]
    public void A_line_runs_from_the_left_edge_to_the_right_one() =>
        LineDrawing.Line([new(start, 0), new(start.AddSeconds(5), 10), new(start.AddSeconds(10), 5)], 10).ShouldBe("M0 100L300 0L600 50");

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KB")]
    [InlineData(268435456, "256 MB")]
    public void Bytes_are_read_in_the_unit_that_fits(long bytes, string text) => Words.Bytes(bytes).ShouldBe(text);

    [Fact]
    public void Prices_are_written_as_money()
    {
        Words.Money(2900, "USD").ShouldBe("$29");
        Words.Money(2950, "EUR").ShouldBe("€29.50");
        Words.Money(150000, "CHF").ShouldBe("1,500 CHF");
    }

    [Fact]
    public void Times_are_told_from_now()
    {
        Words.Ago(start, start.AddSeconds(3)).ShouldBe("just now");
        Words.Ago(start, start.AddMinutes(90)).ShouldBe("1 hour ago");
        Words.Ago(start.AddDays(13), start).ShouldBe("in 13 days");
    }
}
