using System.Text.Json;

namespace Provisioner.Engines.Processes;

/// <summary>What the running process was started with. Kept in the launch file, so that a restart needs nobody's database.</summary>
sealed record Launch(int Port, int AdminPort, long MemoryBytes)
{
    public static Launch Of(InstanceSpec spec) =>
        new(spec.Port, spec.AdminPort ?? throw new ArgumentException("a process needs an admin port", nameof(spec)), spec.MemoryBytes);

    public static Launch? Read(InstanceFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<Launch>(File.ReadAllBytes(folder.LaunchFile));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Write(InstanceFolder folder) =>
        DurableFile.Write(folder.LaunchFile, JsonSerializer.SerializeToUtf8Bytes(this), UnixFileMode.UserRead | UnixFileMode.UserWrite);
}
