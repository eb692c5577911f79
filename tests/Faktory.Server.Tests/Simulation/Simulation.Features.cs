using System.Text;
using System.Text.Json;
using Faktory.Server.Commands;
using Faktory.Server.Cron;
using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Jobs;
using Faktory.Server.Throttling;

namespace Faktory.Server.Tests.Simulation;

// What jobs ask for, and what can be asked about them.
sealed partial class Simulation
{
    static readonly JsonElement SwitchedOff = JsonElement.Parse("false");

    // One for a whole life: ids of batches must not come again.
    readonly LoadedDice _dice = new();
    readonly List<string> _bids = [];
    SimulatedRules _rules = SimulatedRules.None;

    void TakeOfFeature(Step step)
    {
        switch (step)
        {
            case Step.Requeue requeue when Connect(requeue.Session):
                var jid = requeue.Jid ?? LastJid(requeue.Session);
                Say($$"""REQUEUE {"jid":"{{jid}}"}""", requeue.Session).ShouldBe(Do(m => m.Requeue(requeue.Session, jid)) ? "+OK" : $"-ERR Job not found {jid}");
                break;
            case Step.NewBatch batch when Connect(0):
                AddBatch(batch);
                break;
            case Step.Batch batch when Connect(0):
                ChangeBatch(batch.Verb, BidOf(batch.Number) ?? "b-none");
                break;
            case Step.TrackGet track when Connect(0):
                var found = Say($"TRACK GET {track.Jid}", 0);
                if (_model.Off.Contains("tracking"))
                    found.ShouldStartWith("-ERR tracked jobs");
                else
                    Comparison.OfTrack(found, _model.FindTrack(track.Jid));
                break;
            case Step.TrackSet track when Connect(0):
                Report(track);
                break;
            case Step.Cancel cancel when Connect(0):
                Cancel(cancel.Jid);
                break;
            case Step.Configure configure:
                _rules = configure.Rules;
                Configure();
                break;
            case Step.PauseCron pause when _engine.Cron.Find(pause.Id) is { } paused:
                Execute(new EngineCall<bool>(e => { e.Cron.Pause(paused, pause.IsPaused); return true; }, isPromise: true));
                Do(m => m.PauseCron(pause.Id, pause.IsPaused));
                break;
            case Step.RunCron run when _engine.Cron.Find(run.Id) is { } entry:
                Execute(new EngineCall<bool>(e => { e.Cron.RunNow(entry); return true; }, isPromise: true));
                Do(m => m.RunCronNow(run.Id));
                break;
        }
    }

    void Configure()
    {
        var rules = _rules;
        new EngineRules(
            EngineLimits.Default with { DeadJobsMax = rules.DeadJobsMax },
            FeatureSet.Read(rules.Off.ToDictionary(name => name, _ => SwitchedOff)),
            new ThrottleRules(rules.Throttles.ToDictionary(t => t.Queue, t => t.Rule), rules.TypeRate is { } rate ? new Dictionary<string, RateRule> { ["T"] = rate } : new Dictionary<string, RateRule>()),
            [.. rules.Cron.Select(EntryOf)],
            EngineRules.Default.Weights).Apply(_engine);
        Commit();
        Do(m => m.Configure(rules));
    }

    CronEntry EntryOf(CronSpec spec)
    {
        CronEntry.TryParse(spec.Schedule, out var times).ShouldBeNull();
        var json = Json(spec.Job).Replace("\"jid\":\"\",", "", StringComparison.Ordinal);
        return new CronEntry(spec.Id, spec.Schedule, times, TimeZoneInfo.Utc, spec.RunsMissed, "T", spec.Job.Queue, Encoding.UTF8.GetBytes(json));
    }

    void Cancel(string jid)
    {
        var command = Read($$"""CANCEL {"jid":"{{jid}}"}""", 0);
        Execute(command);
        // The job is looked for in parts, and nothing else happens meanwhile.
        while (_engine.IsUnfinished)
        {
            _engine.Tick();
            Commit();
        }
        if (_model.Off.Contains("cancel"))
            command.Reply.ToString().ShouldStartWith("-ERR cancelled jobs");
        else
            command.Reply.ToString().ShouldBe(Do(m => m.Cancel(jid)) ? "+OK" : $"-ERR Job not found {jid}");
    }

    void Push(Step.Push push)
    {
        var jobs = new List<JobSpec>();
        foreach (var job in push.Jobs)
        {
            var isAlone = !_model.HasAskingJob(job.Jid) && !jobs.Exists(j => j.Jid == job.Jid && j.Asks != JobAsks.Nothing);
            var asks = isAlone ? job.Asks : JobAsks.Nothing;
            jobs.Add(job with { Asks = asks, Bid = BidOf(asks.Batch) });
        }
        var line = push.IsBatch ? $"PUSHB [{string.Join(',', jobs.Select(Json))}]" : $"PUSH {Json(jobs[0])}";
        var reply = Say(line, push.Session);
        var refusals = Do(m => m.Push(jobs));
        if (push.IsBatch)
        {
            var told = JsonElement.Parse(reply[1..]).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
            var expected = jobs.Zip(refusals).Where(j => j.Second is not null).GroupBy(j => j.First.Jid).ToDictionary(g => g.Key, g => g.Last().Second!);
            told.Keys.Order().ShouldBe(expected.Keys.Order());
            foreach (var (jid, word) in expected)
                told[jid].ShouldContain(word);
        }
        else if (refusals[0] is { } word)
        {
            reply.ShouldStartWith(word == "NOTUNIQUE" ? "-NOTUNIQUE Job not unique" : "-ERR ");
            reply.ShouldContain(word);
        }
        else
        {
            reply.ShouldBe("+OK");
        }
    }

    void AddBatch(Step.NewBatch step)
    {
        var parent = BidOf(step.Parent);
        JobSpec? Callback(string? queue, char letter) =>
            queue is null ? null : new JobSpec($"done-{_bids.Count:0000}{letter}", queue, 5, step.Retry, 60, null, false, JobAsks.Nothing);
        var (complete, success) = (Callback(step.Complete, 'c'), Callback(step.Success, 's'));
        var reply = Say($"BATCH NEW {{\"parent_bid\":\"{parent}\",\"complete\":{(complete is null ? "null" : Json(complete))},\"success\":{(success is null ? "null" : Json(success))}}}", 0);
        if (_model.Off.Contains("batches"))
        {
            reply.ShouldStartWith("-ERR batches");
        }
        else if (parent is not null && _model.FindBatch(parent) is null)
        {
            reply.ShouldBe($"-ERR no such batch {parent}");
        }
        else
        {
            reply.ShouldStartWith("$b-");
            _bids.Add(reply[1..]);
            Do(m => m.AddBatch(reply[1..], parent, complete, success));
        }
    }

    void ChangeBatch(string verb, string bid)
    {
        var reply = Say($"BATCH {verb} {bid}", 0);
        if (_model.FindBatch(bid) is null)
        {
            reply.ShouldBe($"-ERR no such batch {bid}");
        }
        else if (verb == "COMMIT")
        {
            reply.ShouldBe("+OK");
            Do(m => m.CommitBatch(bid));
        }
        else if (_model.Off.Contains("batches"))
        {
            reply.ShouldStartWith("-ERR batches");
        }
        else
        {
            reply.ShouldBe($"${bid}");
            Do(m => m.OpenBatch(bid));
        }
    }

    void Report(Step.TrackSet step)
    {
        var percent = step.Percent is { } n ? $",\"percent\":{n}" : "";
        var until = step.Seconds is { } seconds ? $",\"reserve_until\":\"{TimeIn(seconds)}\"" : "";
        var reply = Say($"TRACK SET {{\"jid\":\"{step.Jid}\"{percent}{until}}}", 0);
        if (_model.Off.Contains("tracking"))
        {
            reply.ShouldStartWith("-ERR tracked jobs");
            return;
        }
        reply.ShouldBe("+OK");
        Do(m => m.Report(step.Jid, step.Percent, step.Seconds));
    }

    string? BidOf(int number) => number > 0 && number <= _bids.Count ? _bids[^number] : null;

    string LastJid(int session) => _given[session] is { Given: { } given } ? Encoding.UTF8.GetString(given.Jid) : "job-none";

    string TimeIn(int seconds) => Rfc3339.Format(Rfc3339.ToUnixTicks(_clock.GetUtcNow().AddSeconds(seconds)));

    string Json(JobSpec job)
    {
        var retry = job.Retry is { } n ? $",\"retry\":{n}" : "";
        var at = job.Due is { } due ? $",\"at\":\"{TimeIn(due)}\"" : "";
        var padding = job.IsLarge ? Padding : "";
        return $$"""{"jid":"{{job.Jid}}","jobtype":"T","args":["{{padding}}"],"queue":"{{job.Queue}}","priority":{{job.Priority}},"reserve_for":{{job.ReserveFor}}{{retry}}{{at}}{{Custom(job)}}}""";
    }

    static string Custom(JobSpec job)
    {
        var members = new List<string>();
        if (job.Asks.UniqueFor > 0)
            members.Add($"\"unique_for\":{job.Asks.UniqueFor},\"unique_until\":\"{(job.Asks.IsUniqueUntilStart ? "start" : "success")}\"");
        if (job.Asks.ExpiresIn > 0)
            members.Add($"\"expires_in\":{job.Asks.ExpiresIn}");
        if (job.Asks.IsTracked)
            members.Add("\"track\":1");
        if (job.Asks.DebounceFor > 0)
            members.Add($"\"debounce_for\":{job.Asks.DebounceFor}");
        if (job.Asks.DebounceMax > 0)
            members.Add($"\"debounce_max\":{job.Asks.DebounceMax}");
        if (job.Bid is not null)
            members.Add($"\"bid\":\"{job.Bid}\"");
        return members.Count == 0 ? "" : $",\"custom\":{{{string.Join(',', members)}}}";
    }
}
