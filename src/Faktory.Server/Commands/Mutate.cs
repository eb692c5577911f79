using System.Text.Json;
using Faktory.Server.Engine;
using Faktory.Server.Protocol;
using Faktory.Server.Scheduling;

namespace Faktory.Server.Commands;

/// <summary>
/// MUTATE {"cmd", "target", "filter"}: clears, kills, discards or requeues jobs of one of the sets. Looks at each job of the set and
/// holds up everybody else meanwhile: meant for people who repair something, not for programs.
/// </summary>
sealed class Mutate(string operation, string target, MutationFilter filter) : Command
{
    // Unlike the original it takes spaces in its JSON: patterns need them.
    internal static Command Read(ReadOnlySpan<byte> argument)
    {
        try
        {
            var mutate = ReadMembers(LenientText.Repair(argument));
            if (mutate.Operation is not ("clear" or "kill" or "discard" or "requeue"))
                return new Refusal(Reply.Error("unknown mutate operation"));
            return mutate.Target is "scheduled" or "retries" or "dead" ? mutate : new Refusal(Reply.Error("invalid target for mutation command"));
        }
        catch (JsonException)
        {
            return new Refusal(Reply.Error("invalid format"));
        }
    }

    string Operation => operation;

    string Target => target;

    internal override void Execute(JobEngine engine)
    {
        var set = target switch
        {
            "scheduled" => engine.Scheduled,
            "retries" => engine.Retries,
            _ => engine.Dead,
        };
        if (operation == "clear")
            engine.Removals.Clear(set);
        else
            Move(engine, set);
        engine.AnswerWhenSynced(this, Reply.Ok);
    }

    void Move(JobEngine engine, TimedSet set)
    {
        var now = engine.Now;
        foreach (var job in set.TakeWhere(filter.Matches))
        {
            if (operation == "kill")
                engine.Removals.Bury(job);
            else if (operation == "requeue")
                engine.Timers.Promote(job, now);
            else
                engine.Removals.Release(job);
        }
    }

    static Mutate ReadMembers(ReadOnlySpan<byte> json)
    {
        var (operation, target, filter) = ("", "", new MutationFilter());
        var members = new JsonMembers(json);
        while (members.MoveNext())
        {
            if (members.Is("cmd"))
                operation = members.Text();
            else if (members.Is("target"))
                target = members.Text();
            else if (members.Is("filter"))
                filter = MutationFilter.Read(ref members.Value);
        }
        return new Mutate(operation, target, filter);
    }
}
