using System.Text;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Ledger;

/// <summary>The operator's calls about money, from a contract to a transfer, over HTTP, with the clock that the operator moves.</summary>
public sealed class OperatorMoneyTests(PostgresFixture postgres)
{
    const string party = "reseller:org_r";
    static readonly DateTimeOffset start = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task From_a_contract_to_a_transfer()
    {
        await using var server = await StartAsync();
        var money = await OperatorAsync(server);
        await money.CreatePartyAsync(new CreatePartyRequest(party, "Best & <b>Co</b>", Country: "DE", TaxId: "DE1", TaxRatePpm: 190_000, IsSelfBilled: true, Destination: "DE00 1234"));
        var contract = await money.CreateContractAsync(new CreateContractRequest(party, "net_of_fees", 250_000));
        contract.Version.ShouldBe(1);
        await money.CreateContractAsync(new CreateContractRequest(party, "net_of_fees", 100_000)).ShouldBeRefusedAsync("contract_overlaps");
        await AccrueAsync(server, "pay_1");

        var walked = await money.AdvanceClockAsync(new AdvanceClockRequest(At: new DateTimeOffset(2026, 4, 20, 0, 0, 0, TimeSpan.Zero)));

        walked.Stops.ShouldBe(46);
        var payout = (await money.ListPayoutsAsync()).Items.ShouldHaveSingleItem();
        (payout.AmountMinor, payout.State, payout.CutOff).ShouldBe((1182, "sending", new DateTimeOffset(2026, 4, 15, 0, 0, 0, TimeSpan.Zero)));
        var detail = await money.GetPayoutAsync(payout.Id);
        detail.Covers.Sum(c => c.AmountMinor).ShouldBe(1182);
        (await money.GetTransferListAsync()).ShouldContain($"{payout.Id},{party},Best & <b>Co</b>,DE00 1234,USD,1182,11.82");
        var settled = await money.SettlePayoutAsync(payout.Id, new SettlePayoutRequest("SEPA 1"));
        settled.State.ShouldBe("settled");
        (await money.SettlePayoutAsync(payout.Id, new SettlePayoutRequest("SEPA 1"))).State.ShouldBe("settled");
        await money.CancelPayoutAsync(payout.Id, new ReasonRequest("late")).ShouldBeRefusedAsync("payout_state");
        (await money.GetBalancesAsync(account: "BANK")).Items.Single().BalanceMinor.ShouldBe(-1182);
        (await money.GetTransferListAsync()).ShouldNotContain(payout.Id);

        var why = await money.GetJournalAsync(detail.Covers[0].Journal);
        why.Contracts.Single().Id.ShouldBe(contract.Id);
        why.Chain.Select(j => j.Kind).ShouldBe(["shares", "release"]);
        why.Payouts.ShouldBe([payout.Id]);
        (await money.ListJournalsAsync(sourceType: "payout", sourceId: payout.Id)).Items.Select(j => j.Kind).ShouldBe(["payout_settled", "payout"]);
        (await money.ListJournalsAsync(account: "R.PAYABLE", owner: "org_r")).Items.Count.ShouldBe(2);
        (await money.ExportLedgerAsync()).ShouldContain("account liabilities:R.PAYABLE:org_r");
        var audit = await ReadAuditAsync(server);
        audit.ShouldContain("contract.created");
        audit.ShouldContain("clock.advanced");
        audit.ShouldContain("payout.settled");
    }

    [Fact]
    public async Task A_contract_that_begins_now_holds_for_what_is_sold_within_this_second()
    {
        await using var server = await StartAsync();
        var money = await OperatorAsync(server);
        await money.CreatePartyAsync(new CreatePartyRequest("vendor:acme", "Acme"));
        ((FakeTimeProvider)server.Clock).Advance(TimeSpan.FromMilliseconds(400));
        var first = await money.CreateContractAsync(new CreateContractRequest("vendor:acme", "gross_ex_tax", 100_000));
        var ended = await money.EndContractAsync(first.Id, new EndContractRequest());

        var next = await money.CreateContractAsync(new CreateContractRequest("vendor:acme", "gross_ex_tax", 200_000));

        (first.ValidFrom.Ticks % TimeSpan.TicksPerSecond).ShouldBe(0);
        next.ValidFrom.ShouldBe(ended.ValidTo!.Value);
    }

    [Fact]
    public async Task A_conversion_is_recorded_once_and_each_currency_balances()
    {
        await using var server = await StartAsync();
        var money = await OperatorAsync(server);
        var conversion = new RecordConversionRequest("bank", 10_000, "EUR", 10_830, "USD", "FX 1");

        var journal = await money.RecordConversionAsync(conversion);

        (await money.RecordConversionAsync(conversion)).Id.ShouldBe(journal.Id);
        await money.RecordConversionAsync(conversion with { BoughtMinor = 10_831 }).ShouldBeRefusedAsync("conversion_differs");
        await money.RecordConversionAsync(conversion with { BoughtCurrency = "EUR" }).ShouldBeRefusedAsync("currencies_equal");
        await money.RecordConversionAsync(conversion with { SoldCurrency = "EURO" }).ShouldBeRefusedAsync("invalid_currency");
        journal.Lines.GroupBy(l => l.Currency).Select(c => c.Sum(l => l.AmountMinor)).ShouldBe([0, 0]);
        (await money.GetBalancesAsync(account: "BANK")).Items.Select(b => (b.Currency, b.BalanceMinor)).ShouldBe([("EUR", -10_000), ("USD", 10_830)], ignoreOrder: true);
        (await ReadAuditAsync(server)).ShouldContain("conversion.recorded");
    }

    [Fact]
    public async Task A_statement_says_the_same_in_each_of_its_forms_and_no_name_becomes_markup()
    {
        await using var server = await StartAsync("--Documents:Weasyprint=/nonexistent");
        var money = await OperatorAsync(server);
        await money.CreatePartyAsync(new CreatePartyRequest(party, "Best & <b>Co</b>", TaxId: "DE1", TaxRatePpm: 190_000, IsSelfBilled: true));
        var contract = await money.CreateContractAsync(new CreateContractRequest(party, "net_of_fees", 250_000));
        await AccrueAsync(server, "pay_1");
        (await money.GetStatementAsync(party, "2026-03", "USD")).Number.ShouldBeNull();
        await money.CloseMonthAsync("2026-03").ShouldBeRefusedAsync("month_not_over");
        await money.AdvanceClockAsync(new AdvanceClockRequest(AdvanceSeconds: 40 * 86_400));
        (await money.CloseMonthAsync("2026-03")).Statements.ShouldBe(1);
        await money.CloseMonthAsync("2026-03").ShouldBeRefusedAsync("month_closed");

        var statement = await money.GetStatementAsync(party, "2026-03", "USD");
        var html = Encoding.UTF8.GetString(await money.GetStatementFileAsync(party, "2026-03", "USD", "html"));
        var csv = Encoding.UTF8.GetString(await money.GetStatementFileAsync(party, "2026-03", "USD", "csv"));

        (statement.Number, statement.IsClosed, statement.Closing.HeldMinor).ShouldBe(("org_r-0001", true, 1182));
        statement.Sales.Single().ShouldSatisfyAllConditions(s => s.SaleMinor.ShouldBe(4900), s => s.ShareMinor.ShouldBe(1182));
        statement.Contracts.Single().ShouldBe(new StatementContractResource(contract.Id, 1, 1, 1182));
        statement.Tax.ShouldBe(new StatementTaxResource(1182, 190_000, 225));
        (await money.ListStatementsAsync(party: party)).Items.Single().Closing.ShouldBe(statement.Closing);
        csv.ShouldContain("closing,,,,,,,,,,USD,1182,0,0,11.82,0.00,0.00,live");
        html.ShouldContain("Statement org_r-0001");
        html.ShouldContain("Self-billing");
        html.ShouldContain("2.25");
        html.ShouldContain("Best &amp; &lt;b&gt;Co&lt;/b&gt;");
        html.ShouldNotContain("<b>");
        await money.GetStatementFileAsync(party, "2026-03", "USD", "pdf").ShouldBeRefusedAsync("pdf_unavailable");
        await money.GetStatementFileAsync(party, "2026-03", "USD", "docx").ShouldBeRefusedAsync("invalid_format");
        (await money.ListMonthsAsync()).Items.Select(m => (m.Month, m.IsClosed)).ShouldBe([("2026-04", false), ("2026-03", true)]);
        // Who the party is later does not change what was issued.
        await money.UpdatePartyAsync(party, new UpdatePartyRequest(Name: "Renamed"));
        (await money.GetStatementAsync(party, "2026-03", "USD")).Name.ShouldBe("Best & <b>Co</b>");
        (await money.GetStatementAsync(party, "2026-04", "USD")).Name.ShouldBe("Renamed");
    }

    [Fact]
    public async Task A_statement_is_printed_by_weasyprint()
    {
        if (!File.Exists("/usr/bin/weasyprint"))
            Assert.Skip("weasyprint is not installed: NO PDF was made");
        await using var server = await StartAsync();
        var money = await OperatorAsync(server);
        await money.CreatePartyAsync(new CreatePartyRequest(party, "Best & Co"));
        await money.CreateContractAsync(new CreateContractRequest(party, "net_of_fees", 250_000));
        await AccrueAsync(server, "pay_1");

        var pdf = await money.GetStatementFileAsync(party, "2026-03", "USD", "pdf");

        Encoding.ASCII.GetString(pdf, 0, 5).ShouldBe("%PDF-");
        pdf.Length.ShouldBeGreaterThan(5000);
    }

    [Fact]
    public async Task A_year_passes_in_one_call_and_time_only_goes_forward()
    {
        await using var server = await StartAsync();
        var money = await OperatorAsync(server);
        await money.CreatePartyAsync(new CreatePartyRequest(party, "Best & Co", Destination: "DE00"));
        await money.CreateContractAsync(new CreateContractRequest(party, "gross_ex_tax", 100_000, Release: "monthly", MinPayoutMinor: 1));
        await AccrueAsync(server, "pay_1", months: 12);

        (await money.AdvanceClockAsync(new AdvanceClockRequest(AdvanceSeconds: 385 * 86_400))).Stops.ShouldBe(386);

        var payouts = (await money.ListPayoutsAsync()).Items;
        payouts.Sum(p => p.AmountMinor).ShouldBe(490);
        payouts.Select(p => p.CutOff).Distinct().Count().ShouldBe(payouts.Count);
        await money.AdvanceClockAsync(new AdvanceClockRequest(At: start)).ShouldBeRefusedAsync("invalid_clock");
        await money.AdvanceClockAsync(new AdvanceClockRequest()).ShouldBeRefusedAsync("invalid_clock");
        (await money.GetClockAsync()).AheadSeconds.ShouldBe(385 * 86_400);
    }

    [Fact]
    public async Task The_clock_stands_where_it_is_real()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var money = await OperatorAsync(server);
        await money.AdvanceClockAsync(new AdvanceClockRequest(AdvanceSeconds: 60)).ShouldBeRefusedAsync("clock_not_movable");
        (await money.GetClockAsync()).ShouldSatisfyAllConditions(c => c.AheadSeconds.ShouldBe(0), c => c.IsMovable.ShouldBeFalse());
    }

    [Fact]
    public async Task Four_eyes_see_a_large_payout_and_a_frozen_party_gets_none()
    {
        await using var server = await StartAsync("--Payouts:SecondPersonAboveMinor=1000");
        var (anna, bert) = (await OperatorAsync(server), await OperatorAsync(server));
        await anna.CreatePartyAsync(new CreatePartyRequest(party, "Best & Co", Destination: "DE00"));
        await anna.CreateContractAsync(new CreateContractRequest(party, "net_of_fees", 250_000));
        await AccrueAsync(server, "pay_1");
        await anna.FreezePartyAsync(party, new ReasonRequest("a letter"));
        await anna.AdvanceClockAsync(new AdvanceClockRequest(AdvanceSeconds: 45 * 86_400));
        (await anna.RunPayoutsAsync(new RunPayoutsRequest())).Skipped.Single().Reason.ShouldBe("frozen");
        await anna.UnfreezePartyAsync(party);

        var payout = (await anna.RunPayoutsAsync(new RunPayoutsRequest())).Payouts.Single();

        payout.State.ShouldBe("pending_approval");
        await anna.ApprovePayoutAsync(payout.Id).ShouldBeRefusedAsync("second_person_needed");
        (await bert.ApprovePayoutAsync(payout.Id)).State.ShouldBe("approved");
        await bert.ApprovePayoutAsync(payout.Id).ShouldBeRefusedAsync("payout_state");
        (await bert.CancelPayoutAsync(payout.Id, new ReasonRequest("not yet"))).State.ShouldBe("cancelled");
        (await anna.RunPayoutsAsync(new RunPayoutsRequest())).Payouts.ShouldBeEmpty("one for a cut-off");
        (await anna.RunPayoutsAsync(new RunPayoutsRequest(new DateTimeOffset(2026, 4, 18, 0, 0, 0, TimeSpan.Zero)))).Payouts.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_does_not_exist_or_makes_no_sense_is_refused()
    {
        await using var server = await StartAsync();
        var money = await OperatorAsync(server);
        await money.CreatePartyAsync(new CreatePartyRequest("bank:x", "X")).ShouldBeRefusedAsync("invalid_party");
        await money.CreateContractAsync(new CreateContractRequest(party, "net_of_fees", 1)).ShouldBeRefusedAsync("party_not_found");
        await money.CreatePartyAsync(new CreatePartyRequest(party, "X"));
        await money.CreatePartyAsync(new CreatePartyRequest(party, "X")).ShouldBeRefusedAsync("party_exists");
        await money.CreateContractAsync(new CreateContractRequest(party, "per_unit", 1)).ShouldBeRefusedAsync("invalid_contract");
        await money.CreateContractAsync(new CreateContractRequest(party, "net_of_fees", 1, Scope: "plan")).ShouldBeRefusedAsync("invalid_contract");
        var contract = await money.CreateContractAsync(new CreateContractRequest(party, "net_of_fees", 1));
        await money.EndContractAsync(contract.Id, new EndContractRequest(start.AddDays(-1))).ShouldBeRefusedAsync("contract_end_past");
        (await money.EndContractAsync(contract.Id, new EndContractRequest(start.AddDays(1)))).ValidTo.ShouldBe(start.AddDays(1));
        await money.EndContractAsync(contract.Id, new EndContractRequest(start.AddDays(2))).ShouldBeRefusedAsync("contract_ended");
        await money.ClawBackAsync(party, new ClawBackRequest("USD", 1, "bank", "r")).ShouldBeRefusedAsync("amount_exceeds_debt");
        await money.WriteOffDebtAsync(party, new WriteOffDebtRequest("USD", 1, "r")).ShouldBeRefusedAsync("amount_exceeds_debt");
        await money.GetJournalAsync("jrn_00000000000000000000000000").ShouldBeRefusedAsync("journal_not_found");
        await money.GetPayoutAsync("pyo_00000000000000000000000000").ShouldBeRefusedAsync("payout_not_found");
        await money.ListStatementsAsync(month: "03-2026").ShouldBeRefusedAsync("invalid_month");
        await money.RunPayoutsAsync(new RunPayoutsRequest(start.AddYears(1))).ShouldBeRefusedAsync("invalid_cut_off");
    }

    Task<ApiServer> StartAsync(params string[] settings) => ApiServer.StartAsync(postgres, new FakeTimeProvider(start), ["--Billing:ClockIsMovable=true", .. settings]);

    static async Task<ControlPlaneClient> OperatorAsync(ApiServer server)
    {
        var person = await server.SignUpAsync();
        await server.ExecuteAsOwnerAsync("UPDATE users SET is_operator = true WHERE id = $1", person.User.Value);
        return person.Client;
    }

    static async Task AccrueAsync(ApiServer server, string payment, int months = 1)
    {
        var billing = server.Services.GetRequiredKeyedService<TimeProvider>(BillingClock.Key);
        var now = billing.GetUtcNow();
        await using var fleet = server.Fleet();
        await using var transaction = await fleet.Db.Database.BeginTransactionAsync();
        var sale = new Sale("org_c", "org_r", new Money(4900, Currency.Usd), new Money(172, Currency.Usd), 4900, [new SoldLine("faktory", "pro", 4900, 1, now, now.AddMonths(months))]);
        await fleet.Db.AccrueSharesAsync(sale, payment, "inv_1", now, now, months, new PostedBy("test", "manual", LedgerMode.Live), billing, CancellationToken.None);
        await transaction.CommitAsync();
    }

    static async Task<List<string>> ReadAuditAsync(ApiServer server)
    {
        await using var fleet = server.Fleet();
        return await fleet.Db.AuditEntries.Select(e => e.Action).ToListAsync();
    }
}
