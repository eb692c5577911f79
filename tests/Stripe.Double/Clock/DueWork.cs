using Stripe.Double.Invoicing;
using Stripe.Double.Objects;
using Stripe.Double.State;

namespace Stripe.Double.Clock;

/// <summary>Something that is to happen at a moment, on the test clock named or on the double's own.</summary>
readonly record struct Due(long At, string? TestClock, Action Run);

/// <summary>Runs what has become due, one by one and in order, each at its own moment: a renewal a month ago is dated a month ago.</summary>
static class DueWork
{
    // An advance by years over many subscriptions ends here and says so, before it looks like a hang.
    const int stepsMax = 200_000;

    internal static void Run(World world) => Run(world, null, world.Clock.Now);

    internal static void Run(World world, string? testClock, long until)
    {
        for (var step = 0; step < stepsMax; step++)
        {
            Due? next = null;
            foreach (var due in All(world))
                if (due.TestClock == testClock && due.At <= until && (next is null || due.At < next.Value.At))
                    next = due;
            if (next is not { } work)
                return;
            using (world.Clock.Show(work.At))
                work.Run();
        }
        throw new InvalidOperationException($"more than {stepsMax} steps became due: advance by less at a time");
    }

    static IEnumerable<Due> All(World world) =>
        BalanceTransactions.Due(world).Concat(Charges.Due(world)).Concat(Refunds.Due(world)).Concat(Payouts.Due(world)).Concat(CheckoutSessions.Due(world))
            .Concat(Collection.Due(world)).Concat(Renewals.Due(world));
}
