using ControlPlane.Client;
using ControlPlane.Core.Mails;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Mails;

public sealed class MailCallTests(PostgresFixture postgres)
{
    // One transparent point.
    const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    [Fact]
    public async Task The_operator_sees_mails_as_their_readers_do_until_they_are_sent_and_sends_again_what_was_given_up()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var boss = (await world.Server.OperatorAsync()).Client;
        await world.Staff.Client.PutWhiteLabelAsync(new PutBrandRequest("Resale Queues", Png, "#0b7285", SenderName: "Resale Queues", SenderAddress: "queues@resale.example"));
        await world.Staff.Client.CreateManagedCustomerAsync(new CreateManagedCustomerRequest("c-1", "Acme", "owner@acme.example"));

        var mail = (await boss.ListOperatorMailsAsync()).Items.ShouldHaveSingleItem();
        mail.ShouldSatisfyAllConditions(m => m.State.ShouldBe("waiting"), m => m.Body.ShouldContain("join?token="), m => m.SenderName.ShouldBe("Resale Queues"), m => m.ReplyTo.ShouldBe("queues@resale.example"));
        System.Text.Encoding.UTF8.GetString(await boss.GetMailPageAsync(mail.Id)).ShouldSatisfyAllConditions(
            page => page.ShouldContain($"data:image/png;base64,{Png}"), page => page.ShouldContain("background:#0b7285;color:#ffffff"), page => page.ShouldContain(">Choose a password</a>"));

        System.Text.Encoding.UTF8.GetString(await world.Staff.Client.PreviewMailAsync()).ShouldContain($"data:image/png;base64,{Png}");

        var now = world.Server.Clock.GetUtcNow();
        await MarkAsync(m => m.MarkFailed("550 There is nobody of that name."));
        (await boss.ListOperatorMailsAsync()).Items.Single().State.ShouldBe("failed");
        (await boss.SendMailAsync(mail.Id)).ShouldSatisfyAllConditions(m => m.State.ShouldBe("waiting"), m => m.NextTryAt!.Value.ShouldBe(now, TimeSpan.FromMinutes(1)), m => m.Error.ShouldBeNull());
        await MarkAsync(m => m.MarkSent(now));

        (await boss.ListOperatorMailsAsync()).Items.Single().ShouldSatisfyAllConditions(m => m.State.ShouldBe("sent"), m => m.Body.ShouldBe(""));
        await boss.SendMailAsync(mail.Id).ShouldBeRefusedAsync("mail_sent");
        await boss.GetMailPageAsync(mail.Id).ShouldBeRefusedAsync("mail_sent");
        await boss.GetMailPageAsync("mail_nothing").ShouldBeRefusedAsync("mail_not_found");
        await world.Staff.Client.GetMailPageAsync(mail.Id).ShouldBeRefusedAsync("operator_only");

        async Task MarkAsync(Action<Mail> mark)
        {
            await using var fleet = world.Server.Fleet();
            mark(await fleet.Db.Mails.SingleAsync());
            await fleet.Db.SaveChangesAsync();
        }
    }
}
