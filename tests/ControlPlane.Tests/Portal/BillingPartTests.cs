using Bunit;
using ControlPlane.Client;
using ControlPlane.Web.Components.Billing;

namespace ControlPlane.Tests.Portal;

public sealed class BillingPartTests : BunitContext
{
    static readonly DateTimeOffset at = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    IRenderedComponent<DebtNotice> Notice(DunningResource dunning) =>
        Render<DebtNotice>(p => p.Add(n => n.Dunning, dunning).Add(n => n.OpenMinor, 2900L).Add(n => n.Currency, "USD").Add(n => n.PayHref, "billing/invoices"));

    static PreviewResource Preview(string kind, DateTimeOffset effectiveAt, long total) => new(kind, at, effectiveAt, null, "USD", total, 0, 0, total, 0, 900, []);

    [Fact]
    public void While_all_is_paid_nothing_is_said() => Notice(new DunningResource("current", null, null, null, false)).Markup.Trim().ShouldBeEmpty();

    [Theory]
    [InlineData("past_due", "restricted", "warn", "new instances and larger plans are refused from")]
    [InlineData("restricted", "suspended", "bad", "your instances are stopped, after a backup, on")]
    [InlineData("suspended", "deletion_scheduled", "bad", "their deletion is scheduled on")]
    [InlineData("deletion_scheduled", "deleted", "bad", "they are deleted on")]
    public void A_debt_says_what_follows_when_and_how_to_pay(string state, string next, string tone, string follows)
    {
        var notice = Notice(new DunningResource(state, at.AddDays(-8), next, at.AddDays(6), false)).Find(".notice");

        notice.ClassList.ShouldContain(tone);
        notice.TextContent.ShouldContain(follows);
        notice.TextContent.ShouldContain("7 Mar 2026");
        notice.TextContent.ShouldContain("$29.00 are open");
        notice.QuerySelector("a")!.GetAttribute("href").ShouldBe("billing/invoices");
    }

    [Fact]
    public void A_hold_says_that_nothing_more_follows() =>
        Notice(new DunningResource("past_due", at, "restricted", at.AddDays(7), true)).Find(".notice").TextContent.ShouldContain("Nothing more happens while somebody looks at it.");

    [Theory]
    [InlineData("manual", "live", "Manual billing: nothing is charged automatically")]
    [InlineData("stripe", "simulated", "Simulated Stripe: no money moves")]
    public void It_is_always_said_whether_money_moves(string provider, string mode, string sentence) =>
        Render<ModeBanner>(p => p.Add(b => b.Provider, provider).Add(b => b.Mode, mode)).Markup.ShouldContain(sentence);

    [Fact]
    public void A_change_at_the_end_of_the_period_says_that_it_can_be_taken_back()
    {
        var shown = Render<PlanPreview>(p => p.Add(v => v.Preview, Preview("downgrade", at.AddDays(26), 0)).Add(v => v.PlanName, "Hobby").Add(v => v.FromName, "Pro").Add(v => v.Interval, "month"));

        shown.Find("ul").TextContent.ShouldContain("Until 27 Mar 2026 everything stays as it is");
        shown.Find("ul").TextContent.ShouldContain("“Keep Pro”");
    }

    [Fact]
    public void A_smaller_plan_at_once_says_where_the_money_goes()
    {
        var shown = Render<PlanPreview>(p => p.Add(v => v.Preview, Preview("downgrade", at, -1450)).Add(v => v.PlanName, "Hobby").Add(v => v.FromName, "Pro").Add(v => v.Interval, "month"));

        shown.Find("dl").TextContent.ShouldContain("$14.50");
        shown.Find("ul").TextContent.ShouldContain("goes to your balance");
    }
}
