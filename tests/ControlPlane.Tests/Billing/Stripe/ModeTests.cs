using ControlPlane.Api;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Ledger;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Stripe.Double;

namespace ControlPlane.Tests.Billing.Stripe;

/// <summary>What is real and what is not never come together.</summary>
public sealed class ModeTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("sk_live_1", LedgerMode.Live)]
    [InlineData("rk_live_1", LedgerMode.Live)]
    [InlineData("sk_test_1", LedgerMode.Test)]
    [InlineData("rk_test_1", LedgerMode.Test)]
    [InlineData("sk_double_1", LedgerMode.Simulated)]
    public void The_key_says_whether_money_moves(string key, LedgerMode mode) => new StripeOptions { Key = key }.Mode.ShouldBe(mode);

    [Theory]
    [InlineData("sk_live_1", null, false, true)]
    [InlineData("sk_test_1", null, true, true)]
    [InlineData("sk_live_1", "http://127.0.0.1:12111", true, false)]
    [InlineData("sk_double_1", "http://127.0.0.1:12111", true, true)]
    [InlineData("sk_double_1", "http://127.0.0.1:12111", false, false)]
    [InlineData("sk_double_1", "http://10.0.0.1:12111", true, false)]
    [InlineData("sk_double_1", null, true, false)]
    public void A_double_is_for_development_on_this_machine(string key, string? address, bool isDevelopment, bool isGood) =>
        (new StripeOptions { Key = key, Address = address is null ? null : new Uri(address) }.Refuse(isDevelopment) is null).ShouldBe(isGood);

    [Fact]
    public async Task A_database_with_real_journals_does_not_start_simulated_nor_the_reverse()
    {
        await using var stripe = await StripeDouble.StartAsync(new() { Clock = TimeProvider.System });
        await using (var real = await BillingWorld.StartAsync(postgres))
        {
            await real.Server.AddRunningInstanceAsync(real.Customer, plan: "pro");
            (await StartOnAsync(real.Server, StripeWorld.SettingsFor(stripe)).ShouldThrowAsync<BillingModeException>()).Message.ShouldContain("live");
        }
        await using var simulated = await StripeWorld.StartAsync(postgres);
        await simulated.SubscribeAsync();
        (await StartOnAsync(simulated.Server, []).ShouldThrowAsync<BillingModeException>()).Message.ShouldContain("simulated");
    }

    [Fact]
    public async Task Without_a_key_or_outside_of_development_the_Api_does_not_start()
    {
        await using var stripe = await StripeDouble.StartAsync(new() { Clock = TimeProvider.System });
        await using var world = await BillingWorld.StartAsync(postgres);
        (await StartOnAsync(world.Server, ["--Billing:Provider=stripe"]).ShouldThrowAsync<InvalidOperationException>()).Message.ShouldContain("Billing:Stripe:Key");
        (await StartOnAsync(world.Server, [.. StripeWorld.SettingsFor(stripe).Skip(1)]).ShouldThrowAsync<InvalidOperationException>()).Message.ShouldContain("Development");
    }

    static async Task StartOnAsync(ApiServer server, string[] settings)
    {
        await using var app = ApiHost.Create(["--urls=http://127.0.0.1:0", $"--ConnectionStrings:ControlPlane={server.Database.Api}", $"--KeyRing:Certificate={ApiServer.CertificatePath}", .. settings], TimeProvider.System);
        await app.StartAsync();
        await app.StopAsync();
    }
}
