using System.Globalization;
using System.Runtime.InteropServices;

namespace Faktory.Bench.Report;

/// <summary>Where and how the figures came about: they mean little without.</summary>
static class Machine
{
    internal static string Describe(BenchSettings settings, string program)
    {
        var disk = new DriveInfo(settings.Folder.FullName);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, data in {settings.Folder.FullName} ({disk.DriveFormat}), "
            + $"{settings.Duration.TotalSeconds} s each in 3 rounds, {Path.GetFileName(program)}");
    }
}
