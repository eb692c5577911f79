using ControlPlane.Client;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Api;

public sealed class FirstUseTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_stranger_signs_up_and_reads_the_credentials_of_a_running_instance()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();

        var created = await customer.Client.CreateInstanceAsync(new CreateInstanceRequest("orders"));
        created.State.ShouldBe("provisioning");
        created.Plan.ShouldBe("free");
        created.Operation!.Kind.ShouldBe("instance.provision");
        await server.ProvisionAsync(created.Id);

        var running = await customer.Client.GetInstanceAsync(created.Id);
        running.State.ShouldBe("running");
        running.Operation.ShouldBeNull();
        var credentials = await customer.Client.GetCredentialsAsync(created.Id);
        credentials.FaktoryUrl.ShouldBe($"tcp://:{credentials.Password}@127.0.0.1:{credentials.Port}");
        credentials.Password.Length.ShouldBe(43);
        (await customer.Client.ListInstancesAsync()).Items.Single().ShouldBe(running);
    }

    [Fact]
    public async Task A_deleted_instance_can_be_brought_back()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var instance = await server.AddRunningInstanceAsync(customer);

        var deletion = await customer.Client.DeleteInstanceAsync(instance.Id);
        deletion.Kind.ShouldBe("instance.delete");
        var deleted = await customer.Client.GetInstanceAsync(instance.Id);
        deleted.State.ShouldBe("deleting");
        (deleted.PurgeAt - deleted.DeletedAt).ShouldBe(TimeSpan.FromDays(14));
        (await customer.Client.ListInstancesAsync()).Items.ShouldBeEmpty();
        (await customer.Client.ListInstancesAsync(deleted: true)).Items.Single().Id.ShouldBe(instance.Id);

        await customer.Client.UndeleteInstanceAsync(instance.Id);
        var back = await customer.Client.GetInstanceAsync(instance.Id);
        back.PurgeAt.ShouldBeNull();
        (await customer.Client.ListInstancesAsync()).Items.Single().Id.ShouldBe(instance.Id);
    }
}
