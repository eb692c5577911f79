using System.Globalization;
using System.Text.Json;
using CsCheck;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Simulation;

/// <summary>
/// The engine against a simple model of it, in thousands of random lives with restarts and clocks that are set. A failure prints the seed,
/// with which CsCheck_Seed repeats it, and the shortest life it found.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    static int Lives => int.Parse(Environment.GetEnvironmentVariable("SIMULATION_LIVES") ?? "900", CultureInfo.InvariantCulture);

    [Fact]
    public void Engine_does_what_the_model_does()
    {
        using var folder = new TestFolder();
        var (life, loads, removals) = (0, 0, 0);
        Steps.Any.Sample(
            steps =>
            {
                var path = folder[$"life-{Interlocked.Increment(ref life)}"];
                using (var simulation = new Simulation(path))
                {
                    foreach (var step in steps)
                        simulation.Run(step);
                    simulation.CompareContent();
                    Interlocked.Add(ref loads, simulation.Model.LoadedAroundReserved);
                    Interlocked.Add(ref removals, simulation.Model.RemovedAroundReserved);
                }
                Directory.Delete(path, recursive: true);
            },
            iter: Lives, threads: 2, print: steps => string.Join('\n', steps.Select(s => $"{s.GetType().Name} {JsonSerializer.Serialize((object)s)}")),
            writeLine: output.WriteLine);
        output.WriteLine($"{life} lives; starts around jobs at work: {loads} taken from, {removals} removed");
        // Rare in random steps, and where a mistake would hide jobs or delete those at work.
        loads.ShouldBeGreaterThan(Lives / 20);
        removals.ShouldBeGreaterThan(Lives / 20);
    }
}
