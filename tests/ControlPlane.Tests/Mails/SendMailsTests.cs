using ControlPlane.Core.Alerts;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Mails;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Core;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Provisioning;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Provisioner.Brands;
using Provisioner.Mails;

namespace ControlPlane.Tests.Mails;

/// <summary>As the role of the Provisioner, by SMTP to a server on loopback.</summary>
public sealed class SendMailsTests(PostgresFixture postgres)
{
    static readonly byte[] png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    [Fact]
    public async Task A_mail_arrives_as_text_and_as_a_page_under_its_brand_and_its_text_is_forgotten()
    {
        await using var post = await PostOffice.StartAsync(postgres);
        await using var server = new MailServerDouble(post.Port);
        var reseller = await post.AddResellerAsync(new WhiteLabel { ResellerId = default, Name = "Resale <Queues>", PrimaryColor = "#ffd43b", Logo = png, DomainProof = "proof" });
        var brand = new MailBrand("Resale <Queues>", reseller, "queues.resale.example", "Resale, Queues", "jobs@queues.resale.example");
        const string body = "Ada & <Bob> name you.\n\nhttps://queues.resale.example/join?token=a&b=c\n\nThe link works until tomorrow.";

        await post.WriteAsync(brand.Write("owner@acme.example", "Acmé at Resale", body, "Choose a password", post.Clock, post.Clock.GetUtcNow()));
        await post.WriteAsync((brand with { Domain = "other.example" }).Write("owner@acme.example", "Unproven", body, null, post.Clock, post.Clock.GetUtcNow()));
        await post.WriteAsync(MailBrand.Own.Write("ada@example.com", "Own", "Hello.", null, post.Clock, post.Clock.GetUtcNow()));
        await post.RunAsync(() => server.Taken.Count == 3);

        var (branded, unproven, own) = (server.Taken[0], server.Taken[1], server.Taken[2]);
        (branded.From, branded.To).ShouldBe(("no-reply@cloud.example", "owner@acme.example"));
        branded.Message.From.ToString().ShouldBe("\"Resale, Queues\" <jobs@queues.resale.example>");
        branded.Message.Sender!.Address.ShouldBe("no-reply@cloud.example");
        branded.Message.Subject.ShouldBe("Acmé at Resale");
        branded.Message.Headers[HeaderId.AutoSubmitted].ShouldBe("auto-generated");
        branded.Message.TextBody!.ReplaceLineEndings("\n").TrimEnd().ShouldBe(body);
        var logo = branded.Message.BodyParts.OfType<MimePart>().Single(part => part.ContentType.IsMimeType("image", "png"));
        branded.Message.HtmlBody!.ShouldSatisfyAllConditions(
            html => html.ShouldContain($"src=\"cid:{logo.ContentId}\""),
            html => html.ShouldContain("border-top:4px solid #ffd43b"),
            html => html.ShouldContain("background:#ffd43b;color:#000000"),
            html => html.ShouldContain("href=\"https://queues.resale.example/join?token=a&amp;b=c\""),
            html => html.ShouldContain(">Choose a password</a>"),
            html => html.ShouldContain("alt=\"Resale &lt;Queues&gt;\""),
            html => html.ShouldNotContain("<Bob>"));
        using var content = new MemoryStream();
        await logo.Content!.DecodeToAsync(content);
        content.ToArray().ShouldBe(png);

        unproven.Message.From.ToString().ShouldBe("\"Resale, Queues\" <no-reply@cloud.example>");
        unproven.Message.ReplyTo.ToString().ShouldBe("\"Resale, Queues\" <jobs@queues.resale.example>");
        own.Message.From.ToString().ShouldBe("\"Faktory Cloud\" <no-reply@cloud.example>");
        own.Message.HtmlBody!.ShouldNotContain("<img");
        server.Taken.Select(posted => posted.Message.MessageId).Distinct().Count().ShouldBe(3);
        await post.RunAsync(async () => (await post.MailsAsync()).All(mail => mail is { State: MailState.Sent, Body: "", Tries: 1 }));
    }

    [Fact]
    public async Task What_the_server_refuses_is_given_up_what_it_does_not_take_now_is_tried_again_and_the_others_arrive()
    {
        await using var post = await PostOffice.StartAsync(postgres);
        await using var server = new MailServerDouble(post.Port) { IsBusy = true };
        foreach (var to in (string[])["nobody@example.com", "busy@example.com", "no address", "ada@example.com"])
            await post.WriteAsync(MailBrand.Own.Write(to, "Hello", "Hello.", null, post.Clock, post.Clock.GetUtcNow()));

        await post.RunAsync(() => server.Taken.Count == 1);
        await post.RunAsync(async () => (await post.MailsAsync()).Single(mail => mail.To == "busy@example.com").Tries == 3);
        var mails = (await post.MailsAsync()).ToDictionary(mail => mail.To);
        (mails["nobody@example.com"].State, mails["nobody@example.com"].Tries).ShouldBe((MailState.Failed, 1));
        mails["nobody@example.com"].Error!.ShouldContain("550");
        mails["no address"].State.ShouldBe(MailState.Failed);
        mails["busy@example.com"].ShouldSatisfyAllConditions(mail => mail.State.ShouldBe(MailState.Waiting), mail => mail.Error!.ShouldContain("452"), mail => mail.Body.ShouldBe("Hello."));
        mails["ada@example.com"].State.ShouldBe(MailState.Sent);
        (await post.AlertsAsync()).ShouldBeEmpty();

        server.IsBusy = false;
        await post.RunAsync(() => server.Taken.Count == 2);
        await post.WriteAsync(MailBrand.Own.Write("busy@example.com", "Given up", "Hello.", null, post.Clock, post.Clock.GetUtcNow()));
        server.IsBusy = true;
        await post.RunAsync(async () => (await post.MailsAsync()).Single(mail => mail.Subject == "Given up").State == MailState.Failed, TimeSpan.FromHours(1));
        await post.RunAsync(async () => (await post.MailsAsync()).Count == 0, TimeSpan.FromDays(1));
        server.Taken.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("is away")]
    [InlineData("offers no TLS", "--Security=StartTls")]
    [InlineData("shows a certificate that nobody trusts", "--Security=Tls")]
    [InlineData("asks for another password", "--UserName=faktory", "--Password=another")]
    public async Task While_no_mail_can_be_sent_the_operator_is_told_and_all_wait(string why, params string[] settings)
    {
        await using var post = await PostOffice.StartAsync(postgres, settings);
        await using (var server = why == "is away" ? null : new MailServerDouble(post.Port, isSecure: why.Contains("certificate"), asksForPassword: why.Contains("password")))
        {
            foreach (var to in (string[])["ada@example.com", "bob@example.com"])
                await post.WriteAsync(MailBrand.Own.Write(to, "Hello", "Hello.", null, post.Clock, post.Clock.GetUtcNow()));
            await post.RunAsync(async () => (await post.MailsAsync()).All(mail => mail.Tries >= 2));
            (await post.AlertsAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(alert => alert.Kind.ShouldBe(Alerts.MailsNotSent), alert => alert.ResolvedAt.ShouldBeNull());
            (server?.Taken.Count ?? 0).ShouldBe(0);
        }

        // Mended, by other settings where these were wrong.
        await using var mended = new MailServerDouble(post.Port, asksForPassword: true);
        await post.RestartAsync($"--UserName={MailServerDouble.UserName}", $"--Password={MailServerDouble.Password}");
        await post.RunAsync(() => mended.Taken.Count == 2);
        await post.RunAsync(async () => (await post.AlertsAsync()).Single().ResolvedAt is not null);
        (await post.MailsAsync()).ShouldAllBe(mail => mail.State == MailState.Sent && mail.Error == null);
    }

    [Fact]
    public async Task A_mail_whose_taking_was_not_heard_of_comes_again_and_is_seen_to_be_the_same()
    {
        await using var post = await PostOffice.StartAsync(postgres);
        await using var server = new MailServerDouble(post.Port);
        server.CutOnce();
        foreach (var to in (string[])["ada@example.com", "bob@example.com"])
            await post.WriteAsync(MailBrand.Own.Write(to, "Hello", "Hello.", null, post.Clock, post.Clock.GetUtcNow()));

        await post.RunAsync(async () => (await post.MailsAsync()).All(mail => mail.State == MailState.Sent));

        server.Taken.Count.ShouldBe(3);
        server.Taken.Where(posted => posted.To == "ada@example.com").Select(posted => posted.Message.MessageId).Distinct().ShouldHaveSingleItem();
        server.Taken.Count(posted => posted.To == "bob@example.com").ShouldBe(1);
    }

    [Fact]
    public void A_mail_server_without_a_sender_is_refused_at_start() => Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddMails(PostOffice.Configure(25, ["--From=Faktory Cloud"])))
        .Message.ShouldContain("Mail:From");
}

/// <summary>The part of a Provisioner that sends mails, on a database and with a clock of the test's own.</summary>
sealed class PostOffice : IAsyncDisposable
{
    static readonly TimeSpan secondsAtOnce = TimeSpan.FromSeconds(5);

    readonly TestDatabase database;
    readonly ControlPlaneScope writing;
    ControlPlaneScope? sending;

    PostOffice(TestDatabase database) => (this.database, writing) = (database, new ControlPlaneScope(database.Api, Clock));

    internal FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    internal int Port { get; } = MailServerDouble.FreePort();

    internal static async Task<PostOffice> StartAsync(PostgresFixture postgres, params string[] settings)
    {
        var post = new PostOffice(await postgres.CreateDatabaseAsync());
        await post.RestartAsync(settings);
        return post;
    }

    /// <param name="settings">Of the section Mail, for example <c>--Security=Tls</c>.</param>
    internal async Task RestartAsync(params string[] settings)
    {
        await StopAsync();
        sending = new ControlPlaneScope(database.Provisioner, Clock, services => services.AddSingleton(new OwnBrand(null)).AddMails(Configure(Port, settings)));
        foreach (var hosted in sending.Services.GetServices<IHostedService>())
            await hosted.StartAsync(default);
    }

    internal static IConfiguration Configure(int port, string[] settings) => new ConfigurationBuilder()
        .AddCommandLine([.. ((string[])["--Host=127.0.0.1", $"--Port={port}", "--Security=None", "--From=Faktory Cloud <no-reply@cloud.example>", .. settings]).Select(setting => setting.Replace("--", "--Mail:", StringComparison.Ordinal))]).Build();

    internal async Task WriteAsync(Mail mail)
    {
        await using var fleet = writing.Fleet();
        fleet.Db.Mails.Add(mail);
        await fleet.Db.SaveChangesAsync();
    }

    internal async Task<ResellerId> AddResellerAsync(WhiteLabel look)
    {
        var organization = await writing.AddOrganizationAsync();
        await using var fleet = writing.Fleet();
        var reseller = new Reseller { Id = ResellerId.New(Clock), Name = "Resale", OrganizationId = organization, PartyId = "resale", Mode = ResellerMode.Direct, CreatedAt = Clock.GetUtcNow() };
        fleet.Db.Resellers.Add(reseller);
        fleet.Db.WhiteLabels.Add(new WhiteLabel { ResellerId = reseller.Id, Name = look.Name, PrimaryColor = look.PrimaryColor, Logo = look.Logo, DomainProof = look.DomainProof });
        await fleet.Db.SaveChangesAsync();
        return reseller.Id;
    }

    /// <summary>Lets time pass until something has happened.</summary>
    internal Task RunAsync(Func<Task<bool>> happened, TimeSpan? atOnce = null) => Wait.UntilAsync("the mails have come so far", async () =>
    {
        Clock.Advance(atOnce ?? secondsAtOnce);
        return await happened();
    });

    internal Task RunAsync(Func<bool> happened) => RunAsync(() => Task.FromResult(happened()));

    internal async Task<List<Mail>> MailsAsync()
    {
        await using var fleet = writing.Fleet();
        return await fleet.Db.Mails.AsNoTracking().OrderBy(mail => mail.Id).ToListAsync();
    }

    internal async Task<List<Alert>> AlertsAsync()
    {
        await using var fleet = writing.Fleet();
        return await fleet.Db.Alerts.AsNoTracking().ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await writing.DisposeAsync();
        await database.DisposeAsync();
    }

    async Task StopAsync()
    {
        if (sending is null)
            return;
        foreach (var hosted in sending.Services.GetServices<IHostedService>())
            await hosted.StopAsync(default);
        await sending.DisposeAsync();
        sending = null;
    }
}
