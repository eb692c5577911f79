using System.Text;
using ControlPlane.Client;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Secrets;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Api;

public sealed class SecretTests(PostgresFixture postgres)
{
    [Fact]
    public async Task No_secret_is_ever_logged()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync("ada@example.com");
        var instance = await server.AddRunningInstanceAsync(customer);
        var password = (await customer.Client.GetCredentialsAsync(instance.Id)).Password;
        var token = await customer.Client.CreateTokenAsync(new CreateTokenRequest("deploy"));
        using var repeated = await customer.PostAsync("v1/tokens", new CreateTokenRequest("again"), ("Idempotency-Key", "k1"));
        await customer.Client.RotatePasswordAsync(instance.Id, new RotatePasswordRequest());
        using var broken = await customer.Http.PostAsync("v1/signup", new StringContent($"{{\"email\": \"ada@example.com\", \"password\": \"{Customer.Password}\", ", Encoding.UTF8, "application/json"));
        using var wrong = await server.ClientFor(token.Secret + "x").GetAsync("v1/me");
        await new ControlPlaneClient(server.Http).SignUpAsync(new SignUpRequest("ada@example.com", Customer.Password, "Acme")).ShouldBeRefusedAsync("email_taken");

        var logs = string.Join('\n', server.Logs.Lines);
        string[] secrets = [Customer.Password, customer.Account.Token, token.Secret, password, (await repeated.ReadAsync<CreatedTokenResponse>()).Secret];
        logs.ShouldContain("/v1/tokens");
        foreach (var secret in secrets)
            logs.Contains(secret, StringComparison.Ordinal).ShouldBeFalse("a secret was logged");
    }

    [Fact]
    public async Task The_database_holds_no_secret_in_clear()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var id = (await server.AddRunningInstanceAsync(customer)).Id;
        var password = (await customer.Client.GetCredentialsAsync(id)).Password;

        await using var scope = server.Fleet();
        var instance = await scope.Db.Instances.SingleAsync();
        instance.SealedPassword.ShouldNotContain(password);
        instance.SealedAdminToken.ShouldNotBe(instance.SealedPassword);
        (await scope.Db.ApiTokens.SingleAsync()).SecretHash.ShouldBe(ApiToken.Hash(customer.Account.Token));
        (await scope.Db.DataProtectionKeys.Select(key => key.Xml).ToListAsync()).ShouldAllBe(xml => !xml!.Contains("<masterKey") && xml.Contains("EncryptedData"));
    }

    [Fact]
    public async Task Both_passwords_are_kept_until_the_overlap_ends()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var id = (await server.AddRunningInstanceAsync(customer)).Id;
        var old = (await customer.Client.GetCredentialsAsync(id)).Password;

        await customer.Client.RotatePasswordAsync(id, new RotatePasswordRequest(30));

        (await customer.Client.GetCredentialsAsync(id)).Password.ShouldNotBe(old);
        (await customer.Client.GetInstanceAsync(id)).PreviousPasswordExpiresAt!.Value.ShouldBe(server.Clock.GetUtcNow().AddMinutes(30), TimeSpan.FromMinutes(1));
        await using var scope = server.Fleet();
        var instance = await scope.Db.Instances.SingleAsync();
        Open(server, instance.OrganizationId, id, instance.SealedPreviousPassword!).ShouldBe(old);
        instance.Generation.ShouldBe(2);
    }

    [Fact]
    public async Task Without_an_overlap_the_old_password_ends_at_once()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var id = (await server.AddRunningInstanceAsync(customer)).Id;

        await customer.Client.RotatePasswordAsync(id, new RotatePasswordRequest(0));

        (await customer.Client.GetInstanceAsync(id)).PreviousPasswordExpiresAt.ShouldBeNull();
        await using var scope = server.Fleet();
        (await scope.Db.Instances.SingleAsync()).SealedPreviousPassword.ShouldBeNull();
    }

    static string Open(ApiServer server, OrganizationId organization, string instance, string text) =>
        server.Services.GetRequiredService<SecretSealer>().Open(organization, SecretPurposes.InstancePassword, instance, text);
}
