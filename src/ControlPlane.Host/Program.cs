using ControlPlane.Host;

return await HostCommand.Create().Parse(args).InvokeAsync(HostCommand.WithoutSignals);
