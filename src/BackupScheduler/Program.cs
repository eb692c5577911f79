using BackupScheduler;

await BackupHost.Create(args).RunAsync();
