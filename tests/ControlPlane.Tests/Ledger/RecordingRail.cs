using System.Collections.Concurrent;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;

namespace ControlPlane.Tests.Ledger;

/// <summary>A bank that remembers every order, also one whose sender did not live to hear of it. It makes a second transfer when it is asked twice: whoever asks has to look first.</summary>
sealed class RecordingRail(PayoutRail rail) : IPayoutRail
{
    internal ConcurrentDictionary<PayoutId, int> Transfers { get; } = new();
    internal Transfer Answer { get; set; } = new(TransferState.Arrived, "t_1");

    /// <summary>Called before and after a transfer is made, to die there.</summary>
    internal Action Moment { get; set; } = () => { };

    public PayoutRail Rail => rail;

    public AccountCode Account => AccountCode.Bank;

    public Task<Transfer?> FindAsync(Payout payout, CancellationToken cancel)
    {
        Moment();
        return Task.FromResult(Transfers.ContainsKey(payout.Id) ? Answer : null);
    }

    public Task<Transfer> SendAsync(Payout payout, CancellationToken cancel)
    {
        Moment();
        if (Answer.State != TransferState.Refused)
            Transfers.AddOrUpdate(payout.Id, 1, (_, count) => count + 1);
        Moment();
        return Task.FromResult(Answer);
    }
}
