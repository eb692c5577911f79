using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Web.Components.Billing;
using ControlPlane.Web.Components.Forms;

namespace ControlPlane.Web.Pages.Money;

/// <summary>A coupon as it was typed.</summary>
sealed class CouponInput
{
    public string? Code { get; set; }
    public string? Percent { get; set; }
    public string? Amount { get; set; }
    public string? Currency { get; set; } = "USD";
    public string? Duration { get; set; } = "once";
    public string? Months { get; set; }
    public string? RedemptionsMax { get; set; }
    public string? ExpiresAt { get; set; }

    /// <returns>What to ask of the Api, or what is no number or day.</returns>
    internal (CreateCouponRequest? Request, ProblemResource? Refusal) Read()
    {
        int? ppm = null;
        long? minor = null;
        if (Has(Percent))
        {
            if (!Amounts.TryParsePercent(Percent, out var parts))
                return (null, FieldErrors.Invalid(nameof(Percent), "Enter a percentage, such as 25."));
            ppm = parts;
        }
        var currency = Currency?.Trim().ToUpperInvariant() ?? "";
        if (Has(Amount))
        {
            if (!Amounts.TryParse(Amount, currency, out var amount))
                return (null, FieldErrors.Invalid(nameof(Amount), Amounts.Refused(currency)));
            minor = amount;
        }
        if (!TryCount(Months, out var months))
            return (null, FieldErrors.Invalid(nameof(Months), "Enter a number of months."));
        if (!TryCount(RedemptionsMax, out var most))
            return (null, FieldErrors.Invalid(nameof(RedemptionsMax), "Enter a number."));
        return Dates.TryParse(ExpiresAt, out var until)
            ? (new CreateCouponRequest(Code?.Trim() ?? "", Duration ?? "", ppm, minor, minor is null ? null : currency, months, most, until), null)
            : (null, FieldErrors.Invalid(nameof(ExpiresAt), Dates.Refused));
    }

    static bool Has(string? text) => !string.IsNullOrWhiteSpace(text);

    static bool TryCount(string? text, out int? count)
    {
        count = null;
        if (!Has(text))
            return true;
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed);
        count = parsed;
        return isNumber;
    }
}
