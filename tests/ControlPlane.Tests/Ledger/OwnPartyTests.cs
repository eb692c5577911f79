using System.Text;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Core.Organizations;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Billing;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Ledger;

/// <summary>A vendor's people see the vendor's money, and nobody else's.</summary>
public sealed class OwnPartyTests(PostgresFixture postgres)
{
    const string vendor = "vendor:acme";
    static readonly DateTimeOffset start = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_vendors_people_see_what_is_its_once_the_operator_has_said_who_they_are()
    {
        await using var server = await ApiServer.StartAsync(postgres, new FakeTimeProvider(start), "--Billing:ClockIsMovable=true");
        var (money, acme, stranger) = ((await server.AddOperatorAsync()).Client, await server.SignUpAsync("ada@acme.example"), await server.SignUpAsync());
        await money.CreatePartyAsync(new CreatePartyRequest("vendor:other", "Other", Organization: stranger.Account.Organization.Id));
        await money.CreatePartyAsync(new CreatePartyRequest(vendor, "Acme", Destination: "DE00"));
        await money.CreateContractAsync(new CreateContractRequest(vendor, "gross_ex_tax", 200_000));
        await AccrueAsync(server);
        (await acme.Client.ListOwnPartiesAsync()).Items.ShouldBeEmpty();
        (await acme.Client.GetMeAsync()).IsParty.ShouldBeFalse();
        await money.UpdatePartyAsync(vendor, new UpdatePartyRequest(Organization: "org_x")).ShouldBeRefusedAsync("customer_not_found");
        (await money.UpdatePartyAsync(vendor, new UpdatePartyRequest(Organization: acme.Account.Organization.Id))).Organization.ShouldBe(acme.Account.Organization.Id);
        await money.AdvanceClockAsync(new AdvanceClockRequest(At: new DateTimeOffset(2026, 4, 20, 0, 0, 0, TimeSpan.Zero)));
        await money.CloseMonthAsync("2026-03");

        (await acme.Client.GetMeAsync()).IsParty.ShouldBeTrue();
        (await acme.Client.ListOwnPartiesAsync()).Items.Single().Party.ShouldBe(vendor);
        (await acme.Client.GetOwnPartyAsync(vendor)).ShouldSatisfyAllConditions(p => p.Name.ShouldBe("Acme"), p => p.Destination.ShouldBe("DE00"));
        var revenue = await acme.Client.GetOwnRevenueAsync(vendor);
        revenue.Months.ShouldBe([new("2026-03", "USD", 980, 0, 0), new("2026-04", "USD", 0, 0, 980)]);
        revenue.Balances.ShouldBe([new("USD", 0, 0, 980)]);
        (await acme.Client.ListOwnPayoutsAsync(vendor)).Items.Single().AmountMinor.ShouldBe(980);
        (await acme.Client.ListOwnContractsAsync(vendor)).Items.Single().RatePpm.ShouldBe(200_000);
        (await acme.Client.ListOwnStatementsAsync(vendor)).Items.Single().Number.ShouldBe("acme-0001");
        (await acme.Client.GetOwnStatementAsync(vendor, "2026-03", "USD")).Closing.HeldMinor.ShouldBe(980);
        Encoding.UTF8.GetString(await acme.Client.GetOwnStatementFileAsync(vendor, "2026-03", "USD", "csv")).ShouldContain("closing,,,,,,,,,,USD,980,0,0,9.80,0.00,0.00,live");
        Encoding.UTF8.GetString(await acme.Client.GetOwnStatementFileAsync(vendor, "2026-03", "USD", "html")).ShouldContain("Statement acme-0001");
        await ShouldSeeNothingAsync(stranger.Client);
        using var viewer = server.ClientFor(await server.AddMemberAsync(acme, Role.Viewer, []));
        using var refused = await viewer.GetAsync($"v1/parties/{vendor}");
        await refused.ShouldBeRefusedAsync(403, "role_too_low");

        await money.UpdatePartyAsync(vendor, new UpdatePartyRequest(Organization: ""));
        await ShouldSeeNothingAsync(acme.Client);
        await using var fleet = server.Fleet();
        (await fleet.Db.AuditEntries.Where(e => e.Action == "party.organization_changed").OrderBy(e => e.Id).Select(e => e.Detail).ToListAsync()).ShouldBe([$"seen by {acme.Account.Organization.Id}", "seen by nobody"]);
    }

    static async Task ShouldSeeNothingAsync(ControlPlaneClient client)
    {
        await client.GetOwnPartyAsync(vendor).ShouldBeRefusedAsync("party_not_found");
        await client.GetOwnRevenueAsync(vendor).ShouldBeRefusedAsync("party_not_found");
        await client.ListOwnContractsAsync(vendor).ShouldBeRefusedAsync("party_not_found");
        await client.ListOwnPayoutsAsync(vendor).ShouldBeRefusedAsync("party_not_found");
        await client.ListOwnStatementsAsync(vendor).ShouldBeRefusedAsync("party_not_found");
        await client.GetOwnStatementAsync(vendor, "2026-03", "USD").ShouldBeRefusedAsync("party_not_found");
        (await client.ListOwnPartiesAsync()).Items.ShouldNotContain(p => p.Party == vendor);
    }

    /// <summary>Somebody pays 49.00 for what the vendor licenses.</summary>
    internal static async Task AccrueAsync(ApiServer server, string vendorId = "acme", string payment = "pay_1")
    {
        var billing = server.Services.GetRequiredKeyedService<TimeProvider>(BillingClock.Key);
        var now = billing.GetUtcNow();
        await using var fleet = server.Fleet();
        await using var transaction = await fleet.Db.Database.BeginTransactionAsync();
        (await fleet.Db.ShareContracts.AnyAsync(c => c.PartyId == vendorId)).ShouldBeTrue();
        var sale = new Sale("org_c", null, new Money(4900, Currency.Usd), new Money(172, Currency.Usd), 4900, [new SoldLine("faktory", "pro", 4900, 1, now, now.AddMonths(1))]);
        await fleet.Db.AccrueSharesAsync(sale, payment, "inv_1", now, now, 1, new PostedBy("test", "manual", LedgerMode.Live), billing, CancellationToken.None);
        await transaction.CommitAsync();
    }
}
