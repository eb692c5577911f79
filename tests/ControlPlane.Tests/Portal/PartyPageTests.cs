using System.Net;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Ledger;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Portal;

/// <summary>What a vendor's people see of the vendor's money in the portal.</summary>
public sealed class PartyPageTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_vendors_people_see_its_shares_its_months_and_what_it_owes()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var staff = await MoneyPageTests.SignInOperatorAsync(portal);
        using var vendor = portal.Open();
        using var stranger = portal.Open();
        await vendor.SignUpAsync("ada@acme.example");
        await stranger.SignUpAsync("mallory@example.com");
        vendor.Page.QuerySelector("nav a[href='parties']").ShouldBeNull();
        await using (var fleet = portal.Api.Fleet())
        {
            var person = new UserId((await fleet.Db.Users.SingleAsync(u => u.Email == "ada@acme.example")).Id);
            var organization = (await fleet.Db.Memberships.SingleAsync(m => m.UserId == person)).OrganizationId;
            await staff.GoAsync("/operator/money/parties");
            await staff.SubmitAsync("Add the party", ("Form.Party", "vendor:acme"), ("Form.Name", "Acme"));
            await staff.SubmitAsync("Save", ("Form.Organization", "org_nobody"));
            staff.Page.QuerySelector("#form-organization-error").ShouldNotBeNull();
            await staff.SubmitAsync("Save", ("Form.Organization", organization.ToString()));
            staff.Page.QuerySelector("#form-organization")!.GetAttribute("value").ShouldBe(organization.ToString());
        }
        await staff.GoAsync("/operator/money/contracts");
        await staff.SubmitAsync("Make the contract", ("Form.Party", "vendor:acme"), ("Form.Rate", "20"));
        await OwnPartyTests.AccrueAsync(portal.Api);
        await OweAsync(portal);

        await vendor.GoAsync("/parties");
        vendor.Path.ShouldBe("/parties/vendor:acme");
        vendor.Page.QuerySelector("nav a[href='parties']")!.TextContent.Trim().ShouldBe("Shares");
        vendor.Text.ShouldContain("Pending $9.80 Earned, and held");
        vendor.Text.ShouldContain("You owe $3.00 Customers got money back after your share of it had been paid out to you.");
        vendor.Text.ShouldContain("Nothing can be paid out yet");
        vendor.Text.ShouldContain("20 % of the price without tax");
        vendor.Page.QuerySelector(".bars rect.series-1").ShouldNotBeNull();
        await vendor.GoAsync("/" + vendor.Page.QuerySelector("main table a.strong")!.GetAttribute("href"));
        vendor.Text.ShouldContain("May still change");
        vendor.Text.ShouldContain("Everything that changed it");
        var csv = vendor.Page.QuerySelectorAll(".actions a").Single(a => a.TextContent == "CSV").GetAttribute("href")!;
        await vendor.GoAsync("/" + csv);
        (await vendor.LastResponse.Content.ReadAsStringAsync()).ShouldContain(",live");

        foreach (var path in (string[])["/parties/vendor:acme", "/" + csv, "/" + csv.Replace("/files/", "/statements/", StringComparison.Ordinal).Replace(".csv", "", StringComparison.Ordinal)])
        {
            await stranger.GoAsync(path);
            stranger.LastResponse.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
        await stranger.GoAsync("/parties");
        stranger.Text.ShouldContain("You have no share of anything");
    }

    /// <summary>More was taken back than was left to pay.</summary>
    static async Task OweAsync(PortalServer portal)
    {
        await using var fleet = portal.Api.Fleet();
        await using var transaction = await fleet.Db.Database.BeginTransactionAsync();
        var (party, owed) = (new Party(PartyKind.Vendor, "acme"), new Money(300, Currency.Usd));
        var draft = JournalDraft.Of(new("refund", "ref_1", TimeProvider.System.GetUtcNow()), JournalKind.ShareReversal, new Line(party.Payable, owed), new Line(party.Expense, -owed));
        await fleet.Db.PostAsync(draft, new PostedBy("test", "manual", LedgerMode.Live), TimeProvider.System, CancellationToken.None);
        await fleet.Db.SaveChangesAsync();
        await transaction.CommitAsync();
    }
}
