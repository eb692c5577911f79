using System.Text;
using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Jobs;
using Faktory.Server.Tracking;
using Faktory.Server.Workers;

namespace Faktory.Server.Ui.Pages;

sealed record ProcessView(string Wid, string Hostname, long ProcessId, IReadOnlyList<string> Labels, long StartedAt, WorkerState State, long RssKilobytes, int Connections, int Busy);

/// <param name="Progress">As its worker told; null when it did not.</param>
sealed record RunningView(string Jid, string Wid, long ReservedAt, JobRecord Record, TrackRecord? Progress);

/// <summary>Who is connected and what is being worked on: the processes, and the jobs that have been at work longest.</summary>
sealed record BusyView(int ProcessCount, IReadOnlyList<ProcessView> Processes, int RunningCount, IReadOnlyList<RunningView> Running, bool IsCancellable)
{
    internal const int ProcessesMax = 200;
    internal const int RunningMax = 100;

    /// <summary>Runs in the engine. Looks at all reservations, which are in memory, and reads the jobs of those shown.</summary>
    internal static BusyView Take(JobEngine engine)
    {
        var busy = new Dictionary<string, int>();
        var oldest = new PriorityQueue<Reservation, long>();
        foreach (var reservation in engine.Reservations.All)
        {
            busy[reservation.Wid] = busy.GetValueOrDefault(reservation.Wid) + 1;
            oldest.Enqueue(reservation, -reservation.ReservedAt);
            if (oldest.Count > RunningMax)
                oldest.Dequeue();
        }
        var running = new List<RunningView>();
        while (oldest.TryDequeue(out var reservation, out _))
            running.Add(new RunningView(Encoding.UTF8.GetString(reservation.Jid), reservation.Wid, reservation.ReservedAt, engine.ReadJob(reservation), engine.Tracks.Find(reservation.Jid)));
        running.Reverse();
        var processes = engine.Workers.All.Take(ProcessesMax).Select(w => new ProcessView(
            w.First.Wid, w.First.Hostname, w.First.ProcessId, w.First.Labels, w.StartedAt, w.State, w.RssKilobytes, w.Sessions.Count, busy.GetValueOrDefault(w.First.Wid)));
        return new BusyView(engine.Workers.Count, [.. processes], engine.Reservations.Count, running, engine.Features.IsOn(Feature.Cancel));
    }
}
