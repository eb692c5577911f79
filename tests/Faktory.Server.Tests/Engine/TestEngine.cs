using System.Text;
using Faktory.Server.Commands;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Metrics;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;
using Faktory.Server.Workers;
using Microsoft.Extensions.Time.Testing;

namespace Faktory.Server.Tests.Engine;

/// <summary>An engine on a real store and a clock that stands still until it is moved: no thread, no socket.</summary>
sealed class TestEngine : IDisposable
{
    readonly TestFolder _folder = new();
    JobStore _store;

    internal TestEngine()
    {
        _store = JobStore.Open(_folder["store"]);
        Core = new JobEngine(_store, Clock, new Random(1));
    }

    internal FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    internal JobEngine Core { get; private set; }

    internal JobStore Store => _store;

    internal static Session Producer() => new(() => { });

    internal static Session Worker(string wid, Action? drop = null) => new(drop ?? (() => { })) { Wid = wid };

    /// <summary>Reads and executes a line; the reply as on the wire, or null when it is still waiting.</summary>
    internal string? Say(string line, Session? session = null) => ReplyOf(Start(line, session));

    /// <summary>Reads and executes a line whose reply may come later.</summary>
    internal Command Start(string line, Session? session = null)
    {
        var command = CommandReader.Read(Encoding.UTF8.GetBytes(line), session ?? Producer(), new Traffic(Clock), JobLimits.Default, Rfc3339.ToUnixTicks(Clock.GetUtcNow()))!;
        if (command is not Refusal)
            Run(command);
        return command;
    }

    internal void Run(Command command)
    {
        Core.Execute(command);
        Commit();
    }

    internal static string? ReplyOf(Command command) => command.Answered.IsCompleted ? command.Reply.ToString() : null;

    /// <summary>Moves the clock, and lets the engine do all that is due.</summary>
    internal void Pass(TimeSpan time)
    {
        Clock.Advance(time);
        do
        {
            Core.Tick();
            Commit();
        }
        while (Core.Timers.IdleFor == TimeSpan.Zero);
    }

    /// <summary>What a crash leaves: everything that was written, nothing that was only in memory.</summary>
    internal void Restart()
    {
        _store.Dispose();
        _store = JobStore.Open(_folder["store"]);
        Core = new JobEngine(_store, Clock, new Random(1));
    }

    internal string Push(string jid, string more = "") => Say($$"""PUSH {"jid":"{{jid}}","jobtype":"Test","args":[]{{more}}}""")!;

    /// <summary>The jid of the next job, or null when there is none now.</summary>
    internal string? Fetch(string queues = "default", Session? session = null)
    {
        var fetch = (Fetch)Start($"FETCH {queues}", session);
        if (fetch.Given is { } given)
            return Encoding.UTF8.GetString(given.Jid);
        Run(new CancelFetch(fetch));
        return null;
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    void Commit()
    {
        _store.WritePending();
        foreach (var command in Core.AnsweredOnWrite.Concat(Core.TakeAnsweredOnSync()))
            command.Release();
        Core.AnsweredOnWrite.Clear();
    }
}
