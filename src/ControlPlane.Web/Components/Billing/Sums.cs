using ControlPlane.Client;

namespace ControlPlane.Web.Components.Billing;

/// <summary>How an invoice adds up, for the rows below its lines; rows that would say zero are left out.</summary>
static class Sums
{
    public static IEnumerable<(string Label, long Minor, bool IsTotal)> Of(InvoiceResource invoice)
    {
        foreach (var row in Head(invoice.SubtotalMinor, invoice.DiscountMinor, TaxLabel(invoice.BillTo.TaxRatePpm), invoice.TaxMinor, invoice.TotalMinor))
            yield return row;
        if (invoice.FromBalanceMinor != 0)
            yield return ("Met from your balance", -invoice.FromBalanceMinor, false);
        if (invoice.PaidMinor != 0)
            yield return ("Paid", -invoice.PaidMinor, false);
        if (invoice.CreditedMinor != 0)
            yield return ("Credited", -invoice.CreditedMinor, false);
        if (invoice.State == "open" && invoice.OpenMinor != invoice.TotalMinor)
            yield return ("Still open", invoice.OpenMinor, true);
    }

    public static IEnumerable<(string Label, long Minor, bool IsTotal)> Of(PreviewResource preview)
    {
        foreach (var row in Head(preview.SubtotalMinor, preview.DiscountMinor, "Tax", preview.TaxMinor, preview.TotalMinor))
            yield return row;
        if (preview.FromBalanceMinor != 0)
        {
            yield return ("Met from your balance", -preview.FromBalanceMinor, false);
            yield return ("To pay", preview.TotalMinor - preview.FromBalanceMinor, true);
        }
    }

    static IEnumerable<(string Label, long Minor, bool IsTotal)> Head(long subtotal, long discount, string taxLabel, long tax, long total)
    {
        if (discount != 0 || tax != 0)
            yield return ("Subtotal", subtotal, false);
        if (discount != 0)
            yield return ("Discount", -discount, false);
        if (tax != 0)
            yield return (taxLabel, tax, false);
        yield return ("Total", total, true);
    }

    static string TaxLabel(int ppm) => ppm == 0 ? "Tax" : $"Tax, {Amounts.Percent(ppm)}";
}
