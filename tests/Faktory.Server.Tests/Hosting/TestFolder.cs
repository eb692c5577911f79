namespace Faktory.Server.Tests.Hosting;

/// <summary>A folder of the test's own, gone with it.</summary>
/// <param name="inMemory">For what has to be quick and may be lost with the machine.</param>
sealed class TestFolder(bool inMemory = false) : IDisposable
{
    const string Memory = "/dev/shm";

    internal string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(
        inMemory && Directory.Exists(Memory) ? Memory : System.IO.Path.GetTempPath(), $"faktory-server-tests-{Guid.NewGuid():N}")).FullName;

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
