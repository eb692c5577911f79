namespace Provisioner.Engines.Processes;

/// <summary>The places of one instance below the engine's root.</summary>
readonly record struct InstanceFolder(string Root, string Id)
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Path => System.IO.Path.Combine(Root, InstanceSpec.CheckedId(Id));
    public string Data => System.IO.Path.Combine(Path, "data");
    public string Config => System.IO.Path.Combine(Path, "config");
    public string Run => System.IO.Path.Combine(Path, "run");
    public string InstanceFile => System.IO.Path.Combine(Path, "instance.json");

    /// <summary>Says that the storage was made here and is complete: without it there is nothing to start on.</summary>
    public string StorageMark => System.IO.Path.Combine(Path, "storage");

    /// <summary>What is to run. While it is there the supervisor keeps a process running.</summary>
    public string LaunchFile => System.IO.Path.Combine(Run, "launch.json");

    /// <summary>Written by the launcher: which process runs.</summary>
    public string PidFile => System.IO.Path.Combine(Run, "pid");

    public string LogFile => System.IO.Path.Combine(Run, "log");

    /// <summary>Where a folder goes before it is deleted, so that half a deletion never looks like an instance.</summary>
    public string Removed => System.IO.Path.Combine(Root, ".removed-" + Id);

    public bool HasStorage => File.Exists(StorageMark) && Directory.Exists(Data);

    public void Create()
    {
        foreach (var folder in (ReadOnlySpan<string>)[Root, Path, Data, Config, Run])
            Directory.CreateDirectory(folder, OwnerOnly);
        if (!File.Exists(StorageMark))
            DurableFile.Write(StorageMark, "1\n"u8, UnixFileMode.UserRead);
    }

    public static IEnumerable<InstanceFolder> All(string root) =>
        Directory.Exists(root)
            ? Directory.EnumerateDirectories(root)
                .Select(System.IO.Path.GetFileName)
                .Where(name => name is not null && name[0] != '.')
                .Select(name => new InstanceFolder(root, name!))
            : [];
}
