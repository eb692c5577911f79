using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using ControlPlane.Api.Http;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Resellers;

/// <summary>A tree of operator, resellers and customers, in which everybody asks for everything.</summary>
public sealed partial class ResellerTenancyTests(PostgresFixture postgres, ITestOutputHelper output)
{
    const int Calls = 10_000;

    // Calls that change who is whose, or that end the credentials with which the test goes on; tests of their own cover them.
    static readonly Regex leftOut = Moving();

    [Fact]
    public async Task Ten_thousand_random_calls_leak_nothing()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var server = await ApiServer.StartAsync(postgres);
        var tree = await TenantTree.GrowAsync(server, random);
        var calls = server.Calls().Where(c => c.Access.Kind != AccessKind.Public && !leftOut.IsMatch($"{c.Method} {c.Path}")).ToList();
        var (reads, changes) = (calls.Where(c => c.Method == "GET").ToList(), calls.Where(c => c.Method != "GET").ToList());
        var plan = Enumerable.Range(0, Calls).Select(_ =>
        {
            var from = random.Next(3) > 0 ? reads : changes;
            return (Caller: tree.Callers[random.Next(tree.Callers.Count)], Call: from[random.Next(from.Count)], Object: tree.Objects[random.Next(tree.Objects.Count)]);
        }).ToList();
        var (leaks, statuses) = (new ConcurrentBag<string>(), new ConcurrentDictionary<int, int>());

        await Parallel.ForEachAsync(plan, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (step, cancel) =>
        {
            var (caller, call, target) = step;
            // The operator may do everything to everybody: it only looks here, and nobody gives up what is its own.
            if (call.Method != "GET" && (caller.IsOperator || (call.Method == "DELETE" && caller.Sees.Contains(target.Mark))))
                return;
            using var request = call.ToRequest();
            request.RequestUri = new Uri(InPath().Replace(call.Path, match => match.Value switch { "{month}" => "2026-10", "{currency}" => "USD", _ => Uri.EscapeDataString(target.Id) }), UriKind.Relative);
            using var response = await caller.Http.SendAsync(request, cancel);
            var text = await response.Content.ReadAsStringAsync(cancel);
            statuses.AddOrUpdate((int)response.StatusCode, 1, (_, n) => n + 1);
            var said = $"{caller.Name}: {call.Method} {request.RequestUri} answered {(int)response.StatusCode}";
            if ((int)response.StatusCode >= 500)
                leaks.Add($"{said}: {text}");
            foreach (var mark in tree.Marks.Where(m => !caller.Sees.Contains(m) && text.Contains(m, StringComparison.Ordinal)))
                leaks.Add($"{said} and told of {mark}");
            if (response.IsSuccessStatusCode && call.Path.Contains("{id}", StringComparison.Ordinal) && !caller.Sees.Contains(target.Mark))
                leaks.Add($"{said}, although that is {target.Mark}'s");
        });

        output.WriteLine(string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}")));
        leaks.ShouldBeEmpty($"seed {seed}");
        statuses.GetValueOrDefault(200).ShouldBeGreaterThan(Calls / 50);
        statuses.GetValueOrDefault(404).ShouldBeGreaterThan(Calls / 50);
        await NobodyShouldHaveActedAsync(server, seed);
    }

    /// <summary>In an organization's audit log stand its own people and tokens, its reseller, and the service.</summary>
    static async Task NobodyShouldHaveActedAsync(ApiServer server, int seed)
    {
        await using var fleet = server.Fleet();
        var db = fleet.Db;
        var mine = (await db.ApiTokens.Select(t => new { t.OrganizationId, Id = t.Id.ToString() }).ToListAsync()).Select(t => (t.OrganizationId, t.Id))
            .Concat((await db.Memberships.Select(m => new { m.OrganizationId, Id = m.UserId.ToString() }).ToListAsync()).Select(m => (m.OrganizationId, m.Id)))
            .Concat((await db.ResellerCustomers.Select(c => new { c.OrganizationId, Id = c.ResellerId.ToString() }).ToListAsync()).Select(c => (c.OrganizationId, c.Id)))
            .Concat((await db.Resellers.Select(r => new { r.OrganizationId, Id = r.Id.ToString() }).ToListAsync()).Select(r => (r.OrganizationId, r.Id))).ToHashSet();
        var entries = await db.AuditEntries.AsNoTracking().Where(e => e.OrganizationId != null && e.ActorKind != ActorKind.System && e.ActorKind != ActorKind.Operator).ToListAsync();
        entries.Count.ShouldBeGreaterThan(20);
        entries.Where(e => !mine.Contains((e.OrganizationId!.Value, e.ActorId))).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Action} by {e.ActorName} in {e.OrganizationId}")).ShouldBeEmpty($"seed {seed}");
    }

    [Fact]
    public async Task The_database_itself_hides_other_resellers_rows()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var other = await world.Server.AddResellerAsync(name: "Other");
        await other.ProvisionAsync("r-1");
        await world.ProvisionAsync("r-2");
        string[] filter = [ControlPlaneDb.TenantFilter];

        await world.AsAsync(async (services, by) =>
        {
            var db = services.GetRequiredService<ControlPlaneDb>();
            (await db.ManagedResources.IgnoreQueryFilters(filter).SingleAsync()).ExternalId.ShouldBe("r-2");
            (await db.ResellerCustomers.IgnoreQueryFilters(filter).SingleAsync()).ResellerId.ShouldBe(by.Reseller.Id);
            (await db.Resellers.IgnoreQueryFilters(filter).SingleAsync()).Id.ShouldBe(by.Reseller.Id);
            (await db.Instances.IgnoreQueryFilters(filter).CountAsync()).ShouldBe(1);
            (await db.ResellerIntegrations.IgnoreQueryFilters(filter).Select(i => i.ResellerId).Distinct().SingleAsync()).ShouldBe(by.Reseller.Id);
            (await db.Organizations.IgnoreQueryFilters(filter).CountAsync()).ShouldBe(2);
            (await db.Memberships.IgnoreQueryFilters(filter).Select(m => m.OrganizationId).Distinct().SingleAsync()).ShouldBe(by.Reseller.OrganizationId);
            return true;
        });
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex InPath();

    [GeneratedRegex(@"take-over|/release$|DELETE .*/(tokens|keys)/|/revoke$|/freeze$|clock$")]
    private static partial Regex Moving();
}
