using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stripe.Double.Control;
using Stripe.Double.Objects;

namespace ControlPlane.Tests.Billing.Stripe;

/// <summary>Whatever is heard of Stripe, in whatever order and how often: what is stored is the same.</summary>
public sealed class ConvergenceTests(PostgresFixture postgres)
{
    const int orders = 12;

    [Fact]
    public async Task Events_in_any_order_and_repeated_make_the_same_rows_and_balances()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        await world.Billing.AddContractAsync(PartyKind.Vendor, "vendor", ShareBasis.NetOfFees, 200_000);
        var instance = await world.Server.AddRunningInstanceAsync(world.Billing.Customer);
        await world.RunAsync();
        var page = await world.Customer.CheckOutAsync(new CheckoutRequest("hobby", instance.Id));
        var heard = await LiveAsync(world, page.Address.Split('/')[^1]);
        heard.Count.ShouldBeGreaterThan(30);

        var inOrder = await PlayAsync(world.Server, heard);
        inOrder.ShouldContain("\"REV\"");
        await Gen.Select(Gen.Shuffle(heard.ToArray()), Gen.Int[0, heard.Count - 1].Array[0, 10]).SampleAsync(
            async (order, again) => (await PlayAsync(world.Server, [.. order, .. again.Select(i => heard[i])])).ShouldBe(inOrder), iter: orders, threads: 1);
    }

    [Fact]
    public async Task A_change_whose_answer_never_came_is_made_once()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var instance = await world.SubscribeAsync("hobby");
        var subscription = await world.SubscriptionAsync();
        await world.PassAsync(TimeSpan.FromDays(1));
        world.Stripe.Plan(new Fault { Path = $"/v1/subscriptions/{subscription.Id}", Times = 10, LosesAnswer = true });
        using var lost = await world.Billing.Customer.PostAsync($"v1/instances/{instance.Id}/change-plan", new ChangePlanRequest("pro"));
        await lost.ShouldBeRefusedAsync(503, "provider_unavailable");
        world.Stripe.ClearFaults();
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("hobby");

        await world.HearAsync();
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("pro");
        await world.Customer.ChangePlanAsync(instance.Id, new ChangePlanRequest("pro")).ShouldBeRefusedAsync("plan_unchanged");
        (await world.Billing.InvoicesAsync()).Count.ShouldBe(2);
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task What_Stripe_does_not_have_is_not_found_and_what_is_not_followed_is_done()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var convergence = world.Server.Services.GetRequiredService<IStripeConvergence>();
        await using var fleet = world.Server.Fleet();
        await using var transaction = await fleet.Db.Database.BeginTransactionAsync();
        (await convergence.ConvergeAsync(fleet.Db, "invoice", "in_nobody", CancellationToken.None)).ShouldBe(ConvergenceResult.NotFound);
        (await convergence.ConvergeAsync(fleet.Db, "product", "prod_any", CancellationToken.None)).ShouldBe(ConvergenceResult.Applied);
        await transaction.RollbackAsync();
        await Should.ThrowAsync<InvalidOperationException>(() => convergence.ConvergeAsync(fleet.Db, "invoice", "in_nobody", CancellationToken.None));
    }

    [Fact]
    public async Task An_answer_of_another_version_is_an_error_and_no_silent_nonsense()
    {
        Should.Throw<InvalidOperationException>(() => Moment.Of(DateTime.UnixEpoch, "when")).Message.ShouldContain("another version");
        await using var world = await StripeWorld.StartAsync(postgres);
        await world.SubscribeAsync();
        var invoice = await world.At.Invoices.GetAsync((await world.SubscriptionAsync()).LatestInvoiceId);
        invoice.Parent = null;
        await using var fleet = world.Server.Fleet();
        var account = await fleet.Db.BillingAccounts.SingleAsync(a => a.ProviderCustomerId != null);
        (await Should.ThrowAsync<InvalidOperationException>(() => world.Server.Services.GetRequiredService<InvoiceConvergence>().ApplyAsync(fleet.Db, account, invoice, CancellationToken.None)))
            .Message.ShouldContain("another version");
    }

    /// <summary>Half a year at Stripe that nobody here hears of: plans changed at its pages, a card that fails and works again, refunds that stay and come back, disputes that are lost and won.</summary>
    static async Task<List<(string Type, string Id)>> LiveAsync(StripeWorld world, string session)
    {
        var heard = new List<(string, string)>();
        await world.Stripe.CompleteCheckoutAsync(session);
        var (subscription, at) = (await world.SubscriptionAsync(), world.At);
        var card = subscription.DefaultPaymentMethodId;
        await PassAsync(10);
        await at.Subscriptions.UpdateAsync(subscription.Id, new()
        {
            ProrationBehavior = "always_invoice",
            Items = [new() { Id = subscription.Items.Single().Id, Price = (await at.Prices.ListAsync(new() { LookupKeys = ["pro-v1-usd-month"] })).Single().Id }],
        });
        await PassAsync(25);
        await world.Stripe.SetCardAsync(card, CardDoes.Decline);
        await PassAsync(27);
        await world.Stripe.SetCardAsync(card, CardDoes.Pay);
        await PassAsync(4);
        await at.Subscriptions.UpdateAsync(subscription.Id, new()
        {
            ProrationBehavior = "always_invoice",
            Items = [new() { Id = subscription.Items.Single().Id, Price = (await at.Prices.ListAsync(new() { LookupKeys = ["hobby-v1-usd-month"] })).Single().Id }],
        });
        await PassAsync(40);
        var charges = (await at.Charges.ListAsync(new() { Limit = 100 })).Where(c => c.Status == "succeeded").OrderBy(c => c.Created).ToList();
        charges.Count.ShouldBeGreaterThan(3);
        await at.Refunds.CreateAsync(new() { Charge = charges[0].Id, Amount = 301 });
        var refund = await at.Refunds.CreateAsync(new() { Charge = charges[0].Id, Amount = 299 });
        await at.CreditNotes.CreateAsync(new() { Invoice = (await at.InvoicePayments.ListAsync(new() { Payment = new() { Type = "payment_intent", PaymentIntent = charges[1].PaymentIntentId } })).Single().InvoiceId, Amount = 500, RefundAmount = 300, CreditAmount = 200 });
        var lost = (string)(await world.Stripe.OpenDisputeAsync(charges[1].Id, amount: 700))["id"]!;
        var won = (string)(await world.Stripe.OpenDisputeAsync(charges[2].Id))["id"]!;
        await PassAsync(3);
        await world.Stripe.FailRefundAsync(refund.Id);
        await world.Stripe.LoseDisputeAsync(lost);
        await world.Stripe.WinDisputeAsync(won);
        await PassAsync(30);
        return heard;

        // Stripe forgets events after 30 days.
        async Task PassAsync(int days)
        {
            for (; days > 0; days -= 15)
            {
                heard.AddRange(await world.NewsAsync());
                world.Billing.Clock.Advance(TimeSpan.FromDays(Math.Min(days, 15)));
                await world.Stripe.NowAsync();
            }
            heard.AddRange(await world.NewsAsync());
        }
    }

    /// <summary>All of it in one transaction that is taken back, and what it had stored.</summary>
    static async Task<string> PlayAsync(ApiServer server, IEnumerable<(string Type, string Id)> objects)
    {
        var convergence = server.Services.GetRequiredService<IStripeConvergence>();
        await using var fleet = server.Fleet();
        await using var transaction = await fleet.Db.Database.BeginTransactionAsync();
        foreach (var (type, id) in objects)
            await convergence.ConvergeAsync(fleet.Db, type, id, CancellationToken.None);
        await fleet.Db.SaveChangesAsync();
        await fleet.Db.Database.ExecuteSqlAsync($"SET CONSTRAINTS ALL IMMEDIATE");
        var stored = await ReadAsync(fleet.Db);
        await transaction.RollbackAsync();
        return stored;
    }

    // Ids and the numbers that we give are of the order in which things came; everything else is not.
    static async Task<string> ReadAsync(ControlPlaneDb db)
    {
        var invoices = await db.Invoices.AsNoTracking().Include(i => i.Lines).Where(i => i.ProviderInvoiceId != null).OrderBy(i => i.Number).ToListAsync();
        var payments = await db.Payments.AsNoTracking().OrderBy(p => p.ProviderReference).ToListAsync();
        return JsonSerializer.Serialize(new
        {
            Accounts = await db.BillingAccounts.Where(a => a.ProviderCustomerId != null).Select(a => new { a.ProviderSubscriptionId, a.AnchorAt, a.PeriodIndex, a.Currency, a.Dunning, a.OverdueSince }).ToListAsync(),
            Items = await db.SubscriptionItems.OrderBy(i => i.PlanKey).Select(i => new { i.PlanKey, i.Quantity, i.State, i.StartedAt, i.ProviderItemId }).ToListAsync(),
            Instances = await db.Instances.Select(i => new { i.PlanKey, i.PlanVersion }).ToListAsync(),
            Invoices = invoices.Select(i => new
            {
                i.Number,
                i.State,
                i.Reason,
                i.TotalMinor,
                i.TaxMinor,
                i.FromBalanceMinor,
                i.PaidMinor,
                i.CreditedMinor,
                i.IssuedAt,
                i.SettledAt,
                i.FirstFailedAt,
                Lines = i.Lines.OrderBy(l => l.Line).Select(l => new { l.Description, l.PlanKey, l.AmountMinor, l.PeriodStart, l.PeriodEnd }),
            }),
            Payments = payments.Select(p => new { p.ProviderReference, p.AppliedMinor, p.AppliedTaxMinor, p.SettledMinor, p.FeeMinor, p.RefundedMinor, p.LostMinor }),
            Refunds = await db.Refunds.OrderBy(r => r.ProviderReference).Select(r => new { r.ProviderReference, r.AmountMinor, r.State, r.SettledAt }).ToListAsync(),
            Disputes = await db.Disputes.OrderBy(d => d.ProviderReference).Select(d => new { d.ProviderReference, d.State, d.AmountMinor }).ToListAsync(),
            Notes = (await db.CreditNotes.AsNoTracking().ToListAsync()).Select(n => new { n.TotalMinor, n.ToBalanceMinor, n.RefundedMinor }).OrderBy(n => n.TotalMinor).ThenBy(n => n.RefundedMinor),
            Accruals = (await db.ShareAccruals.AsNoTracking().ToListAsync()).Select(a => new { a.ShareMinor, Returned = a.ReversedHeldMinor + a.ReversedPayableMinor, IsFrozen = a.FrozenAt is not null, a.PaidAt }).OrderBy(a => a.PaidAt).ThenBy(a => a.ShareMinor),
            Balances = (await db.ReadBalancesAsync(null, CancellationToken.None)).Select(b => new { b.Code, b.Currency, b.Minor }),
        });
    }
}
