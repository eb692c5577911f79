using ControlPlane.Web;

await WebHost.Create(args).RunAsync();
