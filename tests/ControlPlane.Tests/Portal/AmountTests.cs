using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Web.Components.Billing;
using ControlPlane.Web.Components.Charts;

namespace ControlPlane.Tests.Portal;

public sealed class AmountTests
{
    [Theory]
    [InlineData(123450, "USD", "$1,234.50")]
    [InlineData(-1450, "EUR", "−€14.50")]
    [InlineData(1500, "JPY", "1,500 JPY")]
    [InlineData(1500, "KWD", "1.500 KWD")]
    public void An_amount_is_written_to_its_currencys_last_unit(long minor, string currency, string text) => Amounts.Exact(minor, currency).ShouldBe(text);

    [Theory]
    [InlineData("29", "USD", 2900)]
    [InlineData(" 29.5 ", "USD", 2950)]
    [InlineData("0.01", "EUR", 1)]
    [InlineData("1500", "JPY", 1500)]
    [InlineData("1.5", "KWD", 1500)]
    public void An_amount_is_read_to_the_unit(string text, string currency, long minor)
    {
        Amounts.TryParse(text, currency, out var read).ShouldBeTrue();
        read.ShouldBe(minor);
    }

    [Theory]
    [InlineData("29.005", "USD")]
    [InlineData("1.5", "JPY")]
    [InlineData("1,000", "USD")]
    [InlineData("-5", "USD")]
    [InlineData("99999999999999999999", "USD")]
    [InlineData("a lot", "USD")]
    [InlineData(null, "USD")]
    public void What_is_no_amount_is_never_guessed(string? text, string currency) => Amounts.TryParse(text, currency, out _).ShouldBeFalse();

    [Fact]
    public void Everybody_has_the_same_decimals() => Currency.All.ShouldAllBe(currency => CurrencyDecimals.Of(currency.Code) == currency.Exponent);

    [Fact]
    public void A_percentage_is_read_to_the_millionth()
    {
        Amounts.TryParsePercent("7.7 %", out var ppm).ShouldBeTrue();
        ppm.ShouldBe(77_000);
        Amounts.Percent(ppm).ShouldBe("7.7 %");
        Amounts.TryParsePercent("7.00001", out _).ShouldBeFalse();
    }

    [Fact]
    public void Columns_stand_on_each_other_and_a_loss_hangs_below_the_line()
    {
        var pieces = BarDrawing.Pieces([new Bar("Jan", [60, 40]), new Bar("Feb", [-100, 100])]).ToList();

        pieces.Select(p => (p.Y, p.Height, p.Series)).ShouldBe([(20d, 30d, 1), (0d, 20d, 2), (50d, 50d, 1), (0d, 50d, 2)]);
    }
}
