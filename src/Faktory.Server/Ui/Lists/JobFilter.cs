using Faktory.Server.Ui.Rendering;
using Microsoft.Extensions.Primitives;

namespace Faktory.Server.Ui.Lists;

/// <summary>Which jobs are looked for: those that have each of the texts somewhere in its place, in any case. Empty ones do not count.</summary>
sealed record JobFilter(string Type, string Queue, string Error, string Jid)
{
    const int LengthMax = 200;

    internal static JobFilter From(Func<string, StringValues> field) => new(Text(field("type")), Text(field("queue")), Text(field("error")), Text(field("jid")));

    internal bool IsEmpty => (Type.Length | Queue.Length | Error.Length | Jid.Length) == 0;

    internal bool Matches(JobView job) =>
        (Holds(job.ShownType, Type) || Holds(job.Type, Type)) && Holds(job.Queue, Queue) && Holds(job.Jid, Jid) &&
        (Error.Length == 0 || (job.Failure is { } failure && (Holds(failure.ErrorType, Error) || Holds(failure.Message, Error))));

    internal IEnumerable<(string Name, string Value)> Fields =>
        ((string Name, string Value)[])[("type", Type), ("queue", Queue), ("error", Error), ("jid", Jid)];

    /// <summary>As a query, ending with <c>&amp;</c>, to put more behind it.</summary>
    internal Url Query => new(string.Concat(Fields.Where(f => f.Value.Length > 0).Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value)}&")));

    static bool Holds(string text, string part) => part.Length == 0 || text.Contains(part, StringComparison.OrdinalIgnoreCase);

    static string Text(StringValues value) => value.ToString().Trim() is { Length: <= LengthMax } text ? text : value.ToString().Trim()[..LengthMax];
}
