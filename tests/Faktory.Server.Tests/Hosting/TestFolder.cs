namespace Faktory.Server.Tests.Hosting;

/// <summary>A folder of the test's own, gone with it.</summary>
sealed class TestFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("faktory-server-tests-").FullName;

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
