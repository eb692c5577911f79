using Provisioner;

await ProvisionerHost.Create(args).RunAsync();
