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
        var (life, loads, removals, lost, putOff, heldBack, cronRuns, replaced) = (0, 0, 0, 0, 0, 0, 0, 0L);
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
                    Interlocked.Add(ref lost, simulation.Lost);
                    Interlocked.Add(ref putOff, simulation.Model.PutOff);
                    Interlocked.Add(ref heldBack, simulation.Model.HeldBack);
                    Interlocked.Add(ref cronRuns, simulation.Model.CronRuns);
                    Interlocked.Add(ref replaced, simulation.Model.Replaced);
                }
                Directory.Delete(path, recursive: true);
            },
            iter: Lives, threads: 2, print: steps => string.Join('\n', steps.Select(s => $"{s.GetType().Name} {JsonSerializer.Serialize((object)s)}")),
            writeLine: output.WriteLine);
        output.WriteLine($"{life} lives; starts around jobs at work: {loads} taken from, {removals} removed");
        output.WriteLine($"changes lost with the power: {lost}; jobs put off: {putOff}, held back: {heldBack}, enqueued by the clock: {cronRuns}, replaced: {replaced}");
        // Rare in random steps, and where a mistake would hide jobs or delete those at work.
        loads.ShouldBeGreaterThan(Lives / 20);
        removals.ShouldBeGreaterThan(Lives / 20);
        // What never happens is not tried.
        foreach (var happened in (long[])[lost, putOff, heldBack, cronRuns, replaced])
            happened.ShouldBeGreaterThan(Lives / 20);
    }
}
