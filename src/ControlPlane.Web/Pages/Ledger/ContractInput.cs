using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Web.Components.Billing;
using ControlPlane.Web.Components.Forms;

namespace ControlPlane.Web.Pages.Ledger;

/// <summary>A contract as it was typed.</summary>
sealed class ContractInput
{
    public string? Party { get; set; }
    public string? Basis { get; set; } = "gross_ex_tax";
    public string? Rate { get; set; }
    public string? Fixed { get; set; }
    public string? Currency { get; set; } = "USD";
    public string? Scope { get; set; } = "all";
    public string? ScopeKey { get; set; }
    public string? ValidFrom { get; set; }
    public string? ValidTo { get; set; }
    public string? HoldDays { get; set; } = "30";
    public string? Release { get; set; } = "on_payment";
    public string? MinPayout { get; set; } = "500";
    public string? DocumentRef { get; set; }

    /// <returns>What to ask of the Api, or what is no number or day.</returns>
    internal (CreateContractRequest? Request, ProblemResource? Refusal) Read()
    {
        int? ppm = null;
        long? minor = null;
        var currency = Currency?.Trim().ToUpperInvariant() ?? "";
        if (!string.IsNullOrWhiteSpace(Rate))
        {
            if (!Amounts.TryParsePercent(Rate, out var parts))
                return (null, FieldErrors.Invalid(nameof(Rate), "Enter a percentage, such as 25."));
            ppm = parts;
        }
        if (!string.IsNullOrWhiteSpace(Fixed))
        {
            if (!Amounts.TryParse(Fixed, currency, out var amount))
                return (null, FieldErrors.Invalid(nameof(Fixed), Amounts.Refused(currency)));
            minor = amount;
        }
        if (!Dates.TryParse(ValidFrom, out var from))
            return (null, FieldErrors.Invalid(nameof(ValidFrom), Dates.Refused));
        if (!Dates.TryParse(ValidTo, out var to))
            return (null, FieldErrors.Invalid(nameof(ValidTo), Dates.Refused));
        if (!int.TryParse(HoldDays, NumberStyles.None, CultureInfo.InvariantCulture, out var hold))
            return (null, FieldErrors.Invalid(nameof(HoldDays), "Enter a number of days; 0 for none."));
        if (!long.TryParse(MinPayout, NumberStyles.None, CultureInfo.InvariantCulture, out var least))
            return (null, FieldErrors.Invalid(nameof(MinPayout), "Enter a number; 0 for no minimum."));
        return (new CreateContractRequest(
            Party?.Trim() ?? "", Basis ?? "", ppm, minor, minor is null ? null : currency, from, to, Scope ?? "", ScopeKey?.Trim() ?? "", HoldDays: hold, Release: Release ?? "", MinPayoutMinor: least,
            DocumentRef: string.IsNullOrWhiteSpace(DocumentRef) ? null : DocumentRef.Trim()), null);
    }
}
