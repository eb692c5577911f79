using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Web.Components.Billing;
using ControlPlane.Web.Components.Forms;

namespace ControlPlane.Web.Pages.Money;

/// <summary>A plan's terms as they were typed.</summary>
sealed class OfferInput
{
    const int EmptyPriceLines = 2;

    public string? Key { get; set; }
    public string? Name { get; set; }
    public string? Summary { get; set; }
    public string? Position { get; set; }
    public string? TrialDays { get; set; }
    public bool IsPublic { get; set; }
    public bool IsAddOn { get; set; }
    public bool RequiresVendorContract { get; set; }
    public List<PriceInput> Prices { get; set; } = [];
    public List<ValueInput> Values { get; set; } = [];

    /// <param name="offer">What there is; null for a new plan.</param>
    /// <param name="all">Whose entitlements a new plan can have.</param>
    internal static OfferInput Of(PlanOfferResource? offer, IReadOnlyList<PlanOfferResource> all) => new()
    {
        Name = offer?.Name,
        Summary = offer?.Summary,
        Position = Text(offer?.Position ?? all.Max(o => o.Position) + 1),
        TrialDays = Text(offer?.TrialDays ?? 0),
        IsPublic = offer?.IsPublic ?? true,
        IsAddOn = offer?.IsAddOn ?? false,
        RequiresVendorContract = offer?.RequiresVendorContract ?? false,
        Prices = [.. (offer?.Prices ?? []).Select(PriceInput.Of), .. Enumerable.Range(0, EmptyPriceLines).Select(_ => new PriceInput { Currency = "USD", Interval = "month" })],
        Values = [.. all.SelectMany(o => o.Values.Keys).Distinct().Order(StringComparer.Ordinal).Select(key => new ValueInput { Key = key, Value = offer?.Values.GetValueOrDefault(key) })],
    };

    /// <returns>What to ask of the Api, or what is no number.</returns>
    internal (PlanVersionRequest? Request, ProblemResource? Refusal) Read()
    {
        if (!int.TryParse(Position, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            return (null, FieldErrors.Invalid(nameof(Position), "Enter a number."));
        if (!int.TryParse(TrialDays, NumberStyles.None, CultureInfo.InvariantCulture, out var trialDays))
            return (null, FieldErrors.Invalid(nameof(TrialDays), "Enter a number of days; 0 for none."));
        var prices = new List<PriceResource>();
        foreach (var typed in Prices.Where(p => !string.IsNullOrWhiteSpace(p.Amount)))
        {
            if (typed.Read() is not { } price)
                return (null, FieldErrors.Invalid(nameof(Prices), $"“{typed.Amount}” or “{typed.Overage}” is no amount in {typed.Currency}. {Amounts.Refused(typed.Currency ?? "")}"));
            prices.Add(price);
        }
        var values = Values.Where(v => v.Key is not null && !string.IsNullOrWhiteSpace(v.Value)).ToDictionary(v => v.Key!, v => v.Value!.Trim());
        return (new PlanVersionRequest(Name?.Trim() ?? "", Summary?.Trim() ?? "", prices, values, position, trialDays, IsAddOn, IsPublic, RequiresVendorContract), null);
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    internal sealed class PriceInput
    {
        public string? Currency { get; set; }
        public string? Interval { get; set; }
        public string? Amount { get; set; }
        public string? Overage { get; set; }

        internal static PriceInput Of(PriceResource price) => new()
        {
            Currency = price.Currency,
            Interval = price.Interval,
            Amount = Amounts.Plain(price.AmountMinor, price.Currency),
            Overage = price.OverageMinor is { } overage ? Amounts.Plain(overage, price.Currency) : null,
        };

        /// <returns>Null when an amount is none.</returns>
        internal PriceResource? Read()
        {
            var currency = Currency?.Trim().ToUpperInvariant() ?? "";
            var overage = 0L;
            var hasOverage = !string.IsNullOrWhiteSpace(Overage);
            return Amounts.TryParse(Amount, currency, out var amount) && (!hasOverage || Amounts.TryParse(Overage, currency, out overage))
                ? new PriceResource(currency, Interval ?? "", amount, hasOverage ? overage : null)
                : null;
        }
    }

    internal sealed class ValueInput
    {
        public string? Key { get; set; }
        public string? Value { get; set; }
    }
}
