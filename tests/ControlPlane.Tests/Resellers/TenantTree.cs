using ControlPlane.Client;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Tests.Api;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Resellers;

/// <summary>Somebody who calls, and the marks of everything that they may be shown.</summary>
sealed record TreeCaller(string Name, HttpClient Http, HashSet<string> Sees, bool IsOperator = false);

/// <summary>Something with an id, whose it is by its mark, and what calls it fits.</summary>
sealed record TreeObject(string Id, string Mark);

/// <summary>
/// Three levels: the operator, two resellers, and customers with and without one. Every name, address and external id holds a mark that nothing else holds, so that a mark in
/// an answer says whose data it is.
/// </summary>
sealed class TenantTree
{
    const int Resellers = 2;
    const int CustomersEach = 3;
    readonly ApiServer server;

    TenantTree(ApiServer server) => this.server = server;

    internal List<TreeCaller> Callers { get; } = [];
    internal List<TreeObject> Objects { get; } = [];
    internal List<string> Marks { get; } = [];

    internal static async Task<TenantTree> GrowAsync(ApiServer server, Random random)
    {
        var tree = new TenantTree(server);
        var operatorPerson = await server.SignUpAsync(organization: "Operator");
        await server.ExecuteAsOwnerAsync("UPDATE users SET is_operator = true WHERE id = $1", operatorPerson.User.Value);
        for (var r = 0; r < Resellers; r++)
            await tree.AddResellerAsync(random);
        await tree.AddDirectAsync(random);
        tree.Callers.Add(new TreeCaller("operator", operatorPerson.Http, [.. tree.Marks], IsOperator: true));
        tree.Callers.Add(new TreeCaller("nobody", server.Http, []));
        return tree;
    }

    async Task AddResellerAsync(Random random)
    {
        var mark = NewMark(random);
        var world = await server.AddResellerAsync(name: $"Resale {mark}");
        var staff = world.Staff;
        Own(mark, staff.Account.Organization.Id, staff.Account.User.Id, world.Reseller.Id.ToString());
        var seen = new HashSet<string> { mark };
        for (var c = 0; c < CustomersEach; c++)
            seen.Add(await AddCustomerAsync(world, mark, random));
        var hook = await staff.Client.CreateWebhookAsync(new CreateWebhookRequest($"https://{mark}.example.com/"));
        Own(mark, hook.Webhook.Id, (await staff.Client.TestWebhookAsync(hook.Webhook.Id)).Id);
        var key = await staff.Client.CreateResellerKeyAsync(new CreateResellerKeyRequest($"key {mark}", ["reseller:read", "reseller:write", "credentials", "billing:read"]));
        var sandbox = await staff.Client.CreateResellerKeyAsync(new CreateResellerKeyRequest($"sandbox {mark}", ["reseller:read", "reseller:write", "credentials"], IsSandbox: true));
        Own(mark, key.Token.Id, sandbox.Token.Id);
        Callers.Add(new TreeCaller($"staff of {mark}", staff.Http, seen));
        Callers.Add(new TreeCaller($"key of {mark}", server.ClientFor(key.Secret), seen));
        // The sandbox knows its own reseller's name, and nothing that is real.
        Callers.Add(new TreeCaller($"sandbox of {mark}", server.ClientFor(sandbox.Secret), [mark]));
    }

    /// <returns>The mark of what the reseller sees of it.</returns>
    async Task<string> AddCustomerAsync(ResellerWorld world, string resellerMark, Random random)
    {
        var (managed, own) = (NewMark(random), NewMark(random));
        var created = await world.Staff.Client.CreateManagedCustomerAsync(new CreateManagedCustomerRequest($"ext-{managed}", $"Customer {managed}", $"{managed}@example.com"));
        var instance = await world.Staff.Client.CreateManagedInstanceAsync(new CreateManagedInstanceRequest($"res-{managed}", created.Id, "free", $"m-{managed}"));
        await server.ProvisionAsync(instance.Instance);
        Own(managed, created.Id, instance.Id, instance.ExternalId, instance.Instance, instance.Operation!.Id);

        var owner = await server.AcceptAsync($"{managed}@example.com");
        var token = await owner.CreateTokenAsync(new CreateTokenRequest($"own {own}"));
        var mine = await owner.CreateInstanceAsync(new CreateInstanceRequest($"o-{own}", "pro"));
        await server.ProvisionAsync(mine.Id);
        // What the owner has besides is none of the reseller's business.
        Own(own, token.Token.Id, mine.Id, mine.Operation!.Id);
        Callers.Add(new TreeCaller($"owner of {managed}", server.ClientFor(token.Secret), [managed, own, resellerMark]));
        return managed;
    }

    async Task AddDirectAsync(Random random)
    {
        var mark = NewMark(random);
        var customer = await server.SignUpAsync($"{mark}@example.com", $"Direct {mark}");
        var instance = await server.AddRunningInstanceAsync(customer, $"d-{mark}");
        Own(mark, customer.Account.Organization.Id, customer.Account.User.Id, instance.Id, (await customer.Client.RestartInstanceAsync(instance.Id)).Id);
        Callers.Add(new TreeCaller($"direct {mark}", customer.Http, [mark]));
    }

    string NewMark(Random random)
    {
        var mark = $"q{random.Next(36 * 36 * 36 * 36):x}z{random.Next(1 << 24):x6}";
        Marks.Add(mark);
        return mark;
    }

    void Own(string mark, params IEnumerable<string> ids) => Objects.AddRange(ids.Select(id => new TreeObject(id, mark)));
}

static class Invited
{
    /// <summary>Opens the link of the newest invitation to an address, as its owner would, and gives a client for the portal's ticket.</summary>
    internal static async Task<ControlPlaneClient> AcceptAsync(this ApiServer server, string email)
    {
        await using var fleet = server.Fleet();
        var body = fleet.Db.Mails.Where(m => m.To == email && m.Body.Contains("join?token=")).OrderByDescending(m => m.Id).Select(m => m.Body).First();
        var token = body.Split("join?token=")[1].Split('\n')[0].Trim();
        var user = await new ControlPlaneClient(server.Http).AcceptInvitationAsync(new AcceptInvitationRequest(token, Customer.Password));
        return new ControlPlaneClient(await server.TicketClientAsync(user.Id));
    }

    internal static async Task<HttpClient> TicketClientAsync(this ApiServer server, string userId)
    {
        var user = UserId.TryParse(userId, out var id) ? id : throw new ArgumentException(userId);
        await using var fleet = server.Fleet();
        var stamp = fleet.Db.Users.Single(u => u.Id == user.Value).SecurityStamp!;
        var keys = server.Services.GetRequiredService<IDataProtectionProvider>();
        return server.ClientFor(PortalTicket.Seal(keys, user, stamp, null, server.Clock));
    }
}
