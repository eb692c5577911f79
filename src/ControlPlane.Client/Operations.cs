namespace ControlPlane.Client;

/// <summary>Something that takes time. GET /v1/operations/{id}</summary>
/// <param name="Kind">For example instance.provision or backup.create.</param>
/// <param name="Subject">The id of what it works on.</param>
/// <param name="State">pending, running, succeeded or failed.</param>
/// <param name="Step">What it is doing, in a word; for progress displays.</param>
/// <param name="Error">Of a failed one: a sentence for the customer. Of a running one: why its last try did not work.</param>
public sealed record OperationResource(
    string Id,
    string Kind,
    string Subject,
    string State,
    string Step,
    int Tries,
    string? Error,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt);
