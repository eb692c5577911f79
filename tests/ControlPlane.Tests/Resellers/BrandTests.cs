using System.Net;
using System.Net.Sockets;
using System.Text;
using ControlPlane.Api.Features.Brands;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Dunning;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Mails;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using ControlPlane.Web.Http;
using DnsClient;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Resellers;

public sealed class BrandTests(PostgresFixture postgres)
{
    // One transparent point.
    const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
    static readonly PutBrandRequest brand = new("Resale Queues", Png, "#0b7285", "#862e9c", "queues.resale.example", "Resale Queues", "queues@resale.example");

    [Fact]
    public async Task A_customer_sees_the_resellers_brand_and_its_mails_come_under_it()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        (await world.Staff.Client.GetWhiteLabelAsync()).Name.ShouldBe("Resale");
        var put = await world.Staff.Client.PutWhiteLabelAsync(brand);
        (await world.Staff.Client.PutWhiteLabelAsync(brand with { LogoPng = null })).Logo.ShouldBe(put.Logo);

        await world.Staff.Client.CreateManagedCustomerAsync(new CreateManagedCustomerRequest("c-1", "Acme", "owner@acme.example"));

        var mail = await world.ReadAsync(db => db.Mails.SingleAsync(m => m.To == "owner@acme.example"));
        (mail.SenderName, mail.From, mail.ReplyTo, mail.Subject).ShouldBe(("Resale Queues", null, "queues@resale.example", "Acme at Resale Queues"));
        var owner = await world.Server.AcceptAsync("owner@acme.example");
        (await owner.GetMeAsync()).Brand.ShouldBe(new BrandResource("Resale Queues", $"data:image/png;base64,{Png}", "#0b7285", "#862e9c"));
    }

    [Fact]
    public async Task Every_mail_to_a_resellers_customer_is_under_its_name_until_it_is_taken_over()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        await world.Staff.Client.PutWhiteLabelAsync(brand with { SenderAddress = "jobs@queues.resale.example" });
        await world.Server.ExecuteAsOwnerAsync("UPDATE white_labels SET domain_verified_at = now()");
        var customer = await world.Staff.Client.CreateManagedCustomerAsync(new CreateManagedCustomerRequest("c-1", "Acme", "owner@acme.example"));
        var owner = await world.Server.AcceptAsync("owner@acme.example");
        var stranger = new ControlPlaneClient(world.Server.Http);
        var letters = Enum.GetValues<DunningState>().Length + 1;

        await MailAllAsync();
        var mails = await MailsAsync();
        mails.Count.ShouldBe(2 + letters);
        mails.ShouldAllBe(mail => mail.SenderName == "Resale Queues" && mail.From == "jobs@queues.resale.example" && mail.ReplyTo == null && mail.ResellerId != null);
        mails.Where(mail => !mail.Body.Contains("://queues.resale.example", StringComparison.Ordinal)).ShouldHaveSingleItem().Subject.ShouldBe("Your new password");
        await stranger.RequestPasswordResetAsync(new PasswordResetRequest("nobody@acme.example"));
        (await MailsAsync("nobody@acme.example")).Single().SenderName.ShouldBeNull();

        await owner.TakeOverAsync(new TakeOverRequest(DirectBilling: true));
        await MailAllAsync();
        var later = (await MailsAsync())[mails.Count..];
        later.Count.ShouldBe(1 + letters);
        later.ShouldAllBe(mail => mail.SenderName == null && mail.ResellerId == null && !mail.Body.Contains("resale", StringComparison.OrdinalIgnoreCase));

        // Whatever it is that a customer who does not pay is told.
        static IEnumerable<Letter> Letters(BillingAccount account) =>
            Enum.GetValues<DunningState>().Select(state => DunningLetters.About(state, account, oldest: null, new DunningDays(), account.CreatedAt)).Append(DunningLetters.Warning(account, daysLeft: 7));

        async Task MailAllAsync()
        {
            await stranger.RequestPasswordResetAsync(new PasswordResetRequest("owner@acme.example"));
            await using var fleet = world.Server.Fleet();
            var account = new BillingAccount { OrganizationId = OrganizationId.TryParse(customer.Id, out var id) ? id : default, Email = "owner@acme.example", Currency = "USD", Provider = BillingProvider.Manual, Name = "Acme", CreatedAt = world.Server.Clock.GetUtcNow() };
            account.DeletionAt = account.CreatedAt.AddDays(30);
            foreach (var letter in Letters(account))
                await fleet.Db.WriteAsync(account, letter, new Uri("http://portal.example"), account.CreatedAt, world.Server.Clock, default);
            await fleet.Db.SaveChangesAsync();
        }

        Task<List<Mail>> MailsAsync(string to = "owner@acme.example") => world.ReadAsync(db => db.Mails.Where(m => m.To == to).OrderBy(m => m.Id).ToListAsync());
    }

    [Fact]
    public async Task A_domain_shows_a_brand_once_it_is_proven_and_who_signs_up_there_is_the_resellers_customer()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var visitor = new ControlPlaneClient(world.Server.Http);
        await world.Staff.Client.VerifyDomainAsync().ShouldBeRefusedAsync("domain_missing");
        await world.Staff.Client.PutWhiteLabelAsync(brand);
        await visitor.GetBrandAsync("queues.resale.example").ShouldBeRefusedAsync("brand_not_found");

        await world.Server.ExecuteAsOwnerAsync("UPDATE white_labels SET domain_verified_at = now()");

        (await visitor.GetBrandAsync("Queues.Resale.example")).Name.ShouldBe("Resale Queues");
        var signedUp = await visitor.SignUpAsync(new SignUpRequest("new@acme.example", Customer.Password, "Newcomer", "queues.resale.example"));
        await visitor.SignUpAsync(new SignUpRequest("other@acme.example", Customer.Password, "Elsewhere", "portal.example.com"));
        (await world.Staff.Client.ListManagedCustomersAsync()).Items.ShouldHaveSingleItem().Id.ShouldBe(signedUp.Organization.Id);
        (await world.Staff.Client.PutWhiteLabelAsync(brand with { Domain = "other.resale.example" })).DomainVerifiedAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_domain_belongs_to_one_reseller_and_a_logo_is_a_png()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var other = await world.Server.AddResellerAsync(name: "Other");
        await world.Staff.Client.PutWhiteLabelAsync(brand);

        await other.Staff.Client.PutWhiteLabelAsync(brand).ShouldBeRefusedAsync("domain_taken");
        await other.Staff.Client.PutWhiteLabelAsync(brand with { Domain = null, LogoPng = Convert.ToBase64String("<svg onload=alert(1)>"u8) }).ShouldBeRefusedAsync("invalid_logo_png");
        await other.Staff.Client.PutWhiteLabelAsync(brand with { Domain = null, PrimaryColor = "red;}" }).ShouldBeRefusedAsync("invalid_primary_color");
    }

    [Theory]
    [InlineData("0b7285", "", true)]
    [InlineData("0b72851", "", false)]
    [InlineData("red", "", false)]
    [InlineData("0b7285;}body{display:none", "", false)]
    [InlineData("", "zzzzzz", false)]
    public void The_stylesheet_takes_colours_and_nothing_else(string primary, string accent, bool isTaken)
    {
        var css = BrandStyle.Write(primary, accent);
        (css.Length > 0).ShouldBe(isTaken);
        css.ShouldNotContain("body");
    }

    [Fact]
    public async Task A_txt_record_is_read_from_the_name_server()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var answering = AnswerOnceAsync(server, "faktory-proof");
        var options = new LookupClientOptions((IPEndPoint)server.Client.LocalEndPoint!);

        (await DnsProof.With(options).ReadAsync("_faktory.queues.resale.example", CancellationToken.None)).ShouldBe(["faktory-proof"]);
        await answering;
    }

    /// <summary>RFC 1035, section 4.1: the question as it came, and one TXT record that refers to its name.</summary>
    static async Task AnswerOnceAsync(UdpClient server, string text)
    {
        var query = await server.ReceiveAsync();
        var question = query.Buffer.AsSpan(12).ToArray();
        // The question ends behind its name, which a zero ends, and its type and class.
        var end = Array.IndexOf(question, (byte)0) + 5;
        byte[] answer =
        [
            query.Buffer[0], query.Buffer[1], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. question[..end],
            0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, (byte)(text.Length + 1), (byte)text.Length, .. Encoding.ASCII.GetBytes(text),
        ];
        await server.SendAsync(answer, query.RemoteEndPoint);
    }
}
