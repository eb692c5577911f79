using System.Diagnostics;
using System.Globalization;

namespace Faktory.Server.Tests.Hosting;

/// <summary>A small disk of the test's own: ext4 in a file. Needs root and loop devices.</summary>
sealed class LoopDisk : IDisposable
{
    readonly TestFolder _folder;
    readonly bool _ownsFolder;
    readonly string _device;

    LoopDisk(TestFolder folder, string image, string device, bool ownsFolder)
    {
        (_folder, Image, _device, _ownsFolder) = (folder, image, device, ownsFolder);
        Path = image + ".mount";
    }

    internal string Path { get; }

    internal string Image { get; }

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    internal static LoopDisk Create(int megabytes)
    {
        var folder = new TestFolder();
        var image = folder["disk"];
        Run("truncate", "-s", megabytes.ToString(CultureInfo.InvariantCulture) + "M", image);
        Run("mkfs.ext4", "-q", "-m0", image);
        return Attach(folder, image, ownsFolder: true);
    }

    /// <summary>What a power cut would leave at this moment: the blocks as the device has them, without what the kernel still has in memory.</summary>
    internal LoopDisk CopyAsAfterPowerCut(string name)
    {
        var copy = _folder[name];
        Run("cp", "--sparse=always", Image, copy);
        return Attach(_folder, copy, ownsFolder: false);
    }

    /// <summary>Takes the last byte of it, in a file of that name.</summary>
    internal void Fill(string name)
    {
        using var filler = new FileStream(this[name], FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in (int[])[1 << 20, 4096, 1])
        {
            try
            {
                for (var part = new byte[size]; ;)
                {
                    filler.Write(part);
                    filler.Flush(flushToDisk: true);
                }
            }
            catch (IOException)
            {
                // No space left for this much.
            }
        }
    }

    public void Dispose()
    {
        Run("umount", Path);
        Run("losetup", "-d", _device);
        if (_ownsFolder)
            _folder.Dispose();
        else
            File.Delete(Image);
    }

    /// <summary>Skips the test, and says so, where there are no such disks.</summary>
    internal static void RequireOrSkip()
    {
        if (Environment.UserName != "root" || !File.Exists("/dev/loop-control"))
            Assert.Skip("a disk of its own needs root and loop devices");
    }

    static LoopDisk Attach(TestFolder folder, string image, bool ownsFolder)
    {
        // Direct: what was written to the device is in the file, and what was not is not.
        var device = Run("losetup", "--direct-io=on", "-f", "--show", image).Trim();
        var disk = new LoopDisk(folder, image, device, ownsFolder);
        Directory.CreateDirectory(disk.Path);
        Run("mount", device, disk.Path);
        return disk;
    }

    static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}");
        return output;
    }
}
