using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Ledger.Rounds;
using Hangfire;

namespace BackupScheduler.Jobs;

/// <summary>What runs on a clock. Hangfire calls these, on whichever process is free; each comes again by itself, so none is retried.</summary>
[AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
sealed class Schedules(
    JobGate gate, FileDueBackups due, AlertOverdueBackups overdue, ApplyRetention retention, RemoveLeftovers leftovers, VerifyBackups verify, DrillBackups drills, TakeInventory inventory,
    BillingRounds billing, LedgerRounds ledger, Reconciling reconciling)
{
    public Task PoliciesAsync(CancellationToken cancel) => gate.RunAsync("policies", async () =>
    {
        // In this order: an instance that was resumed after a week gets its backup before anybody asks where it is.
        await due.RunAsync(cancel);
        await overdue.RunAsync(cancel);
    }, cancel);

    public Task RetentionAsync(CancellationToken cancel) => gate.RunAsync("retention", () => retention.RunAsync(cancel), cancel);

    public Task LeftoversAsync(CancellationToken cancel) => gate.RunAsync("leftovers", () => leftovers.RunAsync(cancel), cancel);

    public Task VerificationAsync(CancellationToken cancel) => gate.RunAsync("verification", () => verify.RunAsync(cancel), cancel);

    public Task DrillsAsync(CancellationToken cancel) => gate.RunAsync("drills", () => drills.RunAsync(cancel), cancel);

    public Task BillingAsync(CancellationToken cancel) => gate.RunAsync("billing", () => billing.RunAsync(cancel), cancel);

    public Task LedgerAsync(CancellationToken cancel) => gate.RunAsync("ledger", () => ledger.RunAsync(cancel), cancel);

    public Task LedgerCheckAsync(CancellationToken cancel) => gate.RunAsync("ledger-check", () => ledger.CheckAsync(cancel), cancel);

    public Task ProviderEventsAsync(CancellationToken cancel) => gate.RunAsync("provider-events", () => reconciling.ReadEventsAsync(cancel), cancel);

    public Task ReconciliationAsync(CancellationToken cancel) => gate.RunAsync("reconciliation", () => reconciling.CompareAsync(cancel), cancel);

    public Task InventoryAsync(CancellationToken cancel) => gate.RunAsync("inventory", () => inventory.RunAsync(cancel), cancel);

    internal static void Register(IRecurringJobManager jobs)
    {
        jobs.AddOrUpdate<Schedules>("backup-policies", s => s.PoliciesAsync(CancellationToken.None), Cron.Minutely());
        jobs.AddOrUpdate<Schedules>("billing", s => s.BillingAsync(CancellationToken.None), Cron.Minutely());
        jobs.AddOrUpdate<Schedules>("backup-retention", s => s.RetentionAsync(CancellationToken.None), "*/10 * * * *");
        jobs.AddOrUpdate<Schedules>("backup-leftovers", s => s.LeftoversAsync(CancellationToken.None), "5,35 * * * *");
        jobs.AddOrUpdate<Schedules>("backup-verification", s => s.VerificationAsync(CancellationToken.None), "15 * * * *");
        jobs.AddOrUpdate<Schedules>("backup-drills", s => s.DrillsAsync(CancellationToken.None), "25 * * * *");
        jobs.AddOrUpdate<Schedules>("ledger", s => s.LedgerAsync(CancellationToken.None), "*/5 * * * *");
        jobs.AddOrUpdate<Schedules>("ledger-check", s => s.LedgerCheckAsync(CancellationToken.None), "30 4 * * *");
        jobs.AddOrUpdate<Schedules>("provider-events", s => s.ProviderEventsAsync(CancellationToken.None), "10 * * * *");
        jobs.AddOrUpdate<Schedules>("reconciliation", s => s.ReconciliationAsync(CancellationToken.None), "20 5 * * *");
        jobs.AddOrUpdate<Schedules>("backup-inventory", s => s.InventoryAsync(CancellationToken.None), "45 3 * * *");
    }
}
