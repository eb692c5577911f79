using System.Globalization;
using ControlPlane.Core.Documents;

namespace ControlPlane.Core.Ledger.Payouts;

/// <summary>The operator takes the list of what is to be sent to the bank, and records what the bank did. Nothing here can know whether a transfer was made, so nothing here makes one.</summary>
public sealed class ManualRail : IPayoutRail
{
    public PayoutRail Rail => PayoutRail.Manual;

    public AccountCode Account => AccountCode.Bank;

    public Task<Transfer?> FindAsync(Payout payout, CancellationToken cancel) => Task.FromResult<Transfer?>(null);

    public Task<Transfer> SendAsync(Payout payout, CancellationToken cancel) => Task.FromResult(new Transfer(TransferState.LeftToOperator));
}

/// <summary>The list for the bank, as comma-separated values.</summary>
public static class TransferList
{
    static readonly string[] columns = ["payout", "party", "name", "destination", "currency", "amount_minor", "amount", "remittance"];

    /// <param name="names">Of the parties.</param>
    public static string Write(IEnumerable<Payout> payouts, IReadOnlyDictionary<Party, string> names)
    {
        var csv = new CsvText();
        csv.Append(columns);
        foreach (var payout in payouts)
        {
            csv.Append(
                payout.Id.ToString(), payout.Party.ToString(), names[payout.Party], payout.Destination, payout.Currency,
                payout.AmountMinor.ToString(CultureInfo.InvariantCulture), payout.Amount.ToMajorText(), $"Shares until {payout.CutOff.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, {payout.Id}");
        }
        return csv.ToString();
    }
}
