using System.Text;
using Faktory.Server.Commands;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Metrics;
using Faktory.Server.Storage;
using Faktory.Server.Workers;

namespace Faktory.Server.Tests.Simulation;

/// <summary>Takes the real engine, on a real store, and the model through the same steps, and compares them after each.</summary>
sealed partial class Simulation : IDisposable
{
    static readonly string Padding = new('x', 100 << 10);
    static readonly string[] Beats = ["", "quiet", "terminate"];

    readonly SimulatedClock _clock = new();
    readonly string _path;
    readonly Session?[] _sessions = new Session?[Steps.Wids.Length];
    readonly Fetch?[] _waiting = new Fetch?[Steps.Wids.Length];
    readonly Fetch?[] _given = new Fetch?[Steps.Wids.Length];
    readonly List<int> _dropped = [];
    JobStore _store = null!;
    JobEngine _engine = null!;

    internal Simulation(string path)
    {
        _path = path;
        _model = new EngineModel(_clock);
        Open();
    }

    internal void Run(Step step)
    {
        // Each step has an instant of its own, so that nothing ends together by chance.
        _clock.Pass(1);
        Settle();
        Take(step);
        Sync();
        Settle();
        _held = Math.Max(0, _held - 1);
        Comparison.OfCounts(_engine, _model);
        Comparison.OfCron(_engine, _model);
        foreach (var bid in _bids)
            Comparison.OfBatch(_engine, _model, bid);
    }

    internal EngineModel Model => _model;

    internal void CompareContent() => Comparison.OfContent(_store, _model);

    public void Dispose() => _store.Dispose();

    void Take(Step step)
    {
        switch (step)
        {
            case Step.Push push when Connect(push.Session):
                Push(push);
                break;
            case Step.Fetch fetch when Connect(fetch.Session):
                Fetch(fetch);
                break;
            case Step.Ack ack when Connect(ack.Session):
                var done = ack.Jid ?? LastJid(ack.Session);
                Promise($$"""ACK {"jid":"{{done}}"}""", ack.Session).ShouldBe("+OK");
                Do(m => m.Ack(ack.Session, done));
                break;
            case Step.Fail fail when Connect(fail.Session):
                var failed = fail.Jid ?? LastJid(fail.Session);
                Say($$"""FAIL {"jid":"{{failed}}"}""", fail.Session).ShouldBe(Do(m => m.Fail(fail.Session, failed)) ? "+OK" : $"-ERR Job not found {failed}");
                break;
            case Step.GiveBack back when _given[back.Session] is { } given:
                _given[back.Session] = null;
                Execute(new WithdrawFetch(given));
                Do(m => m.GiveBack(back.Session));
                break;
            case Step.Beat beat when Connect(0):
                var beaten = Say($$"""BEAT {"wid":"{{beat.Wid}}","current_state":"{{beat.State}}"{{(beat.WantsCancelled ? ",\"cancels\":true" : "")}}}""", 0);
                var (state, cancelled) = Do(m => m.Beat(beat.Wid, beat.State, beat.WantsCancelled));
                beaten.ShouldBe((state, cancelled) switch
                {
                    (-1, _) => $"-ERR Unknown worker {beat.Wid}",
                    (_, { Length: > 0 }) => $"${{\"state\":\"{Beats[state]}\",\"cancelled\":[{string.Join(',', cancelled.Select(jid => $"\"{jid}\""))}]}}",
                    (0, _) => "+OK",
                    _ => $"${{\"state\":\"{Beats[state]}\"}}",
                });
                break;
            case Step.Queue queue when Connect(0):
                var until = queue.PausedFor is { } seconds ? $" {{\"until\":\"{TimeIn(seconds)}\"}}" : "";
                Promise($"QUEUE {queue.Verb} {string.Join(' ', queue.Names)}{until}", 0).ShouldBe("+OK");
                Do(m => m.ChangeQueues(queue.Verb, queue.Names, queue.PausedFor));
                break;
            case Step.Mutate mutate when Connect(0):
                var jids = string.Join(',', mutate.Jids.Select(jid => $"\"{jid}\""));
                Promise($$"""MUTATE {"filter":{"jids":[{{jids}}]},"cmd":"{{mutate.Operation}}","target":"{{mutate.Target}}"}""", 0).ShouldBe("+OK");
                Do(m => m.Mutate(mutate.Operation, mutate.Target, mutate.Jids));
                break;
            case Step.Flush when Connect(0):
                Promise("FLUSH", 0).ShouldBe("+OK");
                Do(m => m.Flush());
                break;
            case Step.HangUp hangUp when _sessions[hangUp.Session] is not null:
                HangUp(hangUp.Session);
                break;
            case Step.Wait wait:
                _clock.Pass(wait.Seconds * TimeSpan.TicksPerSecond);
                break;
            case Step.SetClock set:
                _clock.Set(set.Seconds * TimeSpan.TicksPerSecond);
                break;
            case Step.Restart:
                Restart(null);
                break;
            case Step.PowerCut cut:
                Restart(cut.Torn);
                break;
            case Step.Hold hold:
                _held = hold.Steps + 1;
                break;
            default:
                TakeOfFeature(step);
                break;
        }
    }

    // A session whose FETCH waits can say nothing.
    bool Connect(int session)
    {
        if (_waiting[session] is not null)
            return false;
        if (_sessions[session] is not null)
            return true;
        var connected = new Session(() => Drop(session)) { Wid = Steps.Wids[session] };
        _sessions[session] = connected;
        if (connected.Wid.Length > 0)
            Execute(new JoinWorker(connected));
        Do(m => m.Join(session));
        return true;
    }

    void Fetch(Step.Fetch step)
    {
        _waiting[step.Session] = (Fetch)Read($"FETCH {string.Join(' ', step.Queues)}", step.Session);
        Execute(_waiting[step.Session]!);
        Do(m => m.Fetch(step.Session, step.Queues));
    }

    void HangUp(int session)
    {
        var gone = _sessions[session]!;
        _sessions[session] = null;
        _given[session] = null;
        gone.MarkGone();
        if (_waiting[session] is { } fetch)
            Execute(new CancelFetch(fetch));
        if (gone.Wid.Length > 0)
            Execute(new LeaveWorker(gone));
        Do(m => m.Leave(session));
    }

    void Drop(int session)
    {
        _sessions[session]!.MarkGone();
        _dropped.Add(session);
    }

    void Settle()
    {
        CompareFetched();
        do
        {
            _engine.Tick();
            Commit();
        }
        while (_engine.Timers.IdleFor == TimeSpan.Zero);
        Do(m => m.Tick());
        Sync();
        _dropped.Order().ShouldBe(_model.Dropped.Order());
        foreach (var session in _dropped)
            HangUp(session);
        _dropped.Clear();
        _model.Dropped.Clear();
        CompareFetched();
    }

    void CompareFetched()
    {
        for (var session = 0; session < _waiting.Length; session++)
        {
            var isAnswered = _waiting[session]?.Answered.IsCompleted ?? false;
            isAnswered.ShouldBe(_model.Fetched.ContainsKey(session), $"session {session} has an answer");
            if (!isAnswered)
                continue;
            var fetch = _waiting[session]!;
            _waiting[session] = null;
            if (_sessions[session] is not null && fetch.Given is not null)
                _given[session] = fetch;
            Comparison.OfJob(fetch.Reply, _model.Fetched[session]);
        }
        _model.Fetched.Clear();
    }

    string Say(string line, int session)
    {
        var command = Read(line, session);
        Execute(command);
        return command.Reply.ToString();
    }

    // As Say, of something that must not be answered before it is durable.
    string Promise(string line, int session)
    {
        var command = Read(line, session);
        _engine.Execute(command);
        _engine.AnsweredOnSync.ShouldContain(command);
        Commit();
        return command.Reply.ToString();
    }

    Command Read(string line, int session) =>
        CommandReader.Read(Encoding.UTF8.GetBytes(line), _sessions[session]!, new Traffic(_clock), JobLimits.Default, Rfc3339.ToUnixTicks(_clock.GetUtcNow()))!;

    void Execute(Command command)
    {
        _engine.Execute(command);
        Commit();
    }
}
