using System.Text.Json.Nodes;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Provisioning;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Dialects;

/// <summary>What holds in every dialect, so that a new one, and a new call, is looked at as well.</summary>
public sealed class EveryPlatformTests(PostgresFixture postgres)
{
    const int atOnce = 12;

    [Fact]
    public async Task Whatever_is_sent_at_once_hung_up_on_and_sent_again_makes_one_instance()
    {
        await using var every = await EveryPlatform.StartAsync(postgres);
        foreach (var dialect in Enum.GetValues<Dialect>())
        {
            var (world, id, before) = (every.World, $"the-{(int)dialect}", await every.World.InstancesAsync());
            world.Runner!.Hold();

            // Half of them hang up, each a little later than the one before: some before we have begun, some in the middle, some while we wait.
            var hungUp = Enumerable.Range(0, atOnce / 2).Select(n => HangUpAsync(every, dialect, id, TimeSpan.FromMilliseconds(8 * n))).ToList();
            var patient = Enumerable.Range(0, atOnce / 2).Select(_ => every.ProvisionAsync(dialect, id)).ToList();
            await Task.WhenAll(hungUp);
            await Wait.UntilAsync($"{dialect} has its instance", async () => await world.InstancesAsync() > before);
            world.Runner.Release();
            var answers = await Task.WhenAll(patient.Select(p => ReadAsync(dialect, p)));
            await Wait.UntilAsync("nothing is under way", async () => await world.ReadAsync(db => db.Operations.CountAsync(o => o.FinishedAt == null && o.Subject.StartsWith("ins_"))) == 0);
            var again = await ReadAsync(dialect, every.ProvisionAsync(dialect, id));

            answers.Append(again).Distinct().Count().ShouldBe(1, dialect.ToString());
            (await world.InstancesAsync()).ShouldBe(before + 1, dialect.ToString());
            (await world.ReadAsync(db => db.ManagedResources.CountAsync())).ShouldBe(before + 1, dialect.ToString());
            (await world.ReadAsync(db => db.Operations.CountAsync(o => o.Kind == OperationKinds.InstanceProvision.Name))).ShouldBe(before + 1, dialect.ToString());
        }
    }

    [Fact]
    public async Task Whatever_is_given_up_many_times_at_once_is_given_up_once_and_its_id_stays_used()
    {
        await using var every = await EveryPlatform.StartAsync(postgres);
        foreach (var dialect in Enum.GetValues<Dialect>())
        {
            var id = $"the-{(int)dialect}";
            await ReadAsync(dialect, every.ProvisionAsync(dialect, id));
            var resource = await every.World.ReadAsync(db => db.ManagedResources.AsNoTracking().OrderBy(r => r.CreatedAt).LastAsync());
            await Wait.UntilAsync("it is there", async () => await every.World.ReadAsync(db => db.Operations.CountAsync(o => o.FinishedAt == null && o.Subject.StartsWith("ins_"))) == 0);

            var statuses = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async _ =>
            {
                using var response = await every.GiveUpAsync(dialect, resource.ExternalId);
                return (int)response.StatusCode;
            }));
            await Wait.UntilAsync("it is gone", async () => await every.World.ReadAsync(db => db.Operations.CountAsync(o => o.FinishedAt == null && o.Subject.StartsWith("ins_"))) == 0);
            using var late = await every.GiveUpAsync(dialect, resource.ExternalId);

            statuses.ShouldAllBe(status => status == 200 || status == 202 || status == 204 || status == 410, dialect.ToString());
            ((int)late.StatusCode).ShouldBe(dialect == Dialect.Vercel ? 204 : 410, dialect.ToString());
            var subject = resource.InstanceId.ToString();
            (await every.World.ReadAsync(db => db.Operations.CountAsync(o => o.Subject == subject && o.Kind == OperationKinds.InstanceDelete.Name))).ShouldBe(1, dialect.ToString());
            // Where the platform chose the id, it stands for what is gone; Vercel chooses none.
            using var reused = await every.ProvisionAsync(dialect, id);
            ((int)reused.StatusCode).ShouldBe(dialect switch { Dialect.OpenServiceBroker => 409, Dialect.Vercel => 201, _ => 410 }, dialect.ToString());
        }
    }

    [Fact]
    public async Task Nobody_without_the_right_proof_is_let_in_at_any_call()
    {
        await using var every = await EveryPlatform.StartAsync(postgres, isPlayed: false);
        (string, string)[] wrong =
        [
            ("X-Nothing", "1"), ("Authorization", "Bearer a.b.c"), ("Authorization", "Basic %%%"), ("Authorization", DialectWorld.Basic(DialectWorld.Key, "wrong").ToString()),
            ("Authorization", DialectWorld.Basic("other", DialectWorld.Password).ToString()), ("X-Signature", new string('0', 64)),
        ];
        foreach (var call in every.Calls())
        {
            // A browser is sent to Fly.io to say there who it is.
            if (call.Path.EndsWith("/sso", StringComparison.Ordinal) && call.Dialect == Dialect.Fly)
                continue;
            foreach (var proof in wrong)
            {
                using var response = await every.SendAsync(call, call.Method == HttpMethod.Get || call.Method == HttpMethod.Delete ? null : every.Filled(call, "x-1"), instead: proof);
                ((int)response.StatusCode).ShouldBe(Refusal(call), $"{call} with {proof}");
                response.Headers.WwwAuthenticate.ToString().ShouldBe(call.HasPassword ? "Basic realm=\"faktory-cloud\"" : "", call.ToString());
            }
        }
        (await every.World.InstancesAsync()).ShouldBe(0);
        every.Calls().Select(c => c.Dialect).Distinct().Count().ShouldBe(Enum.GetValues<Dialect>().Length - 1);

        // The sign-on pages of Heroku, Clever Cloud, Vercel and Fly.io say 403, as their manuals have it; DigitalOcean's 401.
        static int Refusal(PlatformCall call) => call switch
        {
            { Dialect: Dialect.Vercel } => 403,
            { Dialect: not Dialect.DigitalOcean } when call.Path.Contains("/sso", StringComparison.Ordinal) || call.Path.EndsWith("/callback", StringComparison.Ordinal) => 403,
            _ => 401,
        };
    }

    [Fact]
    public async Task What_cannot_be_read_or_kept_is_refused_and_breaks_nothing()
    {
        await using var every = await EveryPlatform.StartAsync(postgres, isPlayed: false);
        // Random, since what repeats itself is short again in an index.
        var random = new Random(5);
        var tooLong = new string([.. Enumerable.Range(0, 3000).Select(_ => (char)random.Next('0', 'z'))]);
        var broken = new List<string>();
        foreach (var call in every.Calls().Where(c => c.Method != HttpMethod.Get && c.Method != HttpMethod.Delete))
        {
            foreach (var body in (string[])["", "{", "[]", "null", "7", "{}", "{\"uuid\":7,\"addon_id\":[],\"id\":{}}", every.Filled(call, "a\0b"), every.Filled(call, "a\0b").Replace("\\u0000", "\\ud800"), every.Filled(call, tooLong), every.Filled(call, new string('a', 79) + "😀")])
            {
                using var response = await every.SendAsync(call with { Path = call.Path.Replace("x-1", $"x-{Guid.NewGuid():n}") }, body);
                if ((int)response.StatusCode >= 500)
                    broken.Add($"{call.Method} {call.Path} {body[..Math.Min(body.Length, 40)]}");
            }
        }
        foreach (var call in every.Calls())
        {
            using var response = await every.SendAsync(call with { Path = call.Path.Replace("x-1", "x%00%F0%9F%98%80") }, call.Method == HttpMethod.Get || call.Method == HttpMethod.Delete ? null : every.Filled(call, "x-1"));
            if ((int)response.StatusCode >= 500)
                broken.Add($"{call.Method} {call.Path} with a path that is none");
        }
        broken.ShouldBeEmpty(string.Join('\n', every.World.Server.Logs.Lines.Where(line => line.StartsWith("Error ", StringComparison.Ordinal)).Select(line => line[..Math.Min(line.Length, 500)])));
    }

    static async Task HangUpAsync(EveryPlatform every, Dialect dialect, string id, TimeSpan after)
    {
        using var patience = new CancellationTokenSource(after);
        try
        {
            using var answer = await every.ProvisionAsync(dialect, id, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // As was meant.
        }
    }

    static async Task<string> ReadAsync(Dialect dialect, Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{dialect} {(int)response.StatusCode} {text}");
        return EveryPlatform.Same(dialect, JsonNode.Parse(text)!);
    }
}
