using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Control;

/// <summary>
/// What shall go wrong with the next requests. Without an effect: an answer of that status and code. With one: <see cref="LosesAnswer"/> does what
/// was asked and then closes the connection.
/// </summary>
public sealed record Fault
{
    /// <summary>The beginning of the path, such as /v1/transfers.</summary>
    public string Path { get; init; } = "/";

    public string Method { get; init; } = "POST";

    /// <summary>How many requests it meets.</summary>
    public int Times { get; init; } = 1;

    public int Status { get; init; } = 503;

    /// <summary>Stripe's code, such as balance_insufficient, lock_timeout or rate_limit.</summary>
    public string? Code { get; init; }

    /// <summary>Whether the idempotency key keeps the answer and gives it again, as Stripe does with a 500 that came from inside of a request.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>The request takes effect and its answer never arrives.</summary>
    public bool LosesAnswer { get; init; }

    internal string Body() => new JsonObject
    {
        ["error"] = Json.Of(new
        {
            type = Status switch { 429 => "rate_limit_error", >= 500 => "api_error", 402 => "card_error", _ => "invalid_request_error" },
            code = Code ?? (Status == 429 ? "rate_limit" : null),
            message = "The double was asked to answer so.",
        }),
    }.ToJsonString();
}

/// <summary>The faults still to come, in the order they were planned. Any thread may call it.</summary>
sealed class FaultPlan
{
    readonly Lock gate = new();
    readonly List<Fault> planned = [];

    internal void Add(Fault fault)
    {
        lock (gate)
            planned.Add(fault);
    }

    internal void Clear()
    {
        lock (gate)
            planned.Clear();
    }

    internal Fault? Take(string method, string path)
    {
        lock (gate)
        {
            var index = planned.FindIndex(fault => fault.Method == method && path.StartsWith(fault.Path, StringComparison.Ordinal));
            if (index < 0)
                return null;
            var fault = planned[index];
            if (fault.Times > 1)
                planned[index] = fault with { Times = fault.Times - 1 };
            else
                planned.RemoveAt(index);
            return fault;
        }
    }
}
