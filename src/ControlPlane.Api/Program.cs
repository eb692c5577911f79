using ControlPlane.Api;

await ApiHost.Create(args).RunAsync();
