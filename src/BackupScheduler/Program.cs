using BackupScheduler;
using BackupScheduler.Exports;

if (args is ["export", var place, var folder, .. var settings])
    return await ExportCommand.RunAsync(place, folder, settings, Console.Out, Console.Error);

await BackupHost.Create(args).RunAsync();
return 0;
