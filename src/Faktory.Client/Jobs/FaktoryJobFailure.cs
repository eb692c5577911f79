namespace Faktory.Client;

/// <summary>What the server remembers of a job's last failure.</summary>
/// <param name="RetryCount">Failures before the last one: 0 after the first.</param>
/// <param name="Remaining">Retries left; null where the server does not say.</param>
/// <param name="ErrorType">Up to 100 bytes.</param>
/// <param name="Message">Up to 1000 bytes.</param>
/// <param name="Backtrace">Up to 50 lines.</param>
/// <param name="FailedAt">When it failed.</param>
/// <param name="NextAt">When it was due again; null where it was not.</param>
public sealed record FaktoryJobFailure(
    int RetryCount, int? Remaining, string ErrorType, string Message, IReadOnlyList<string> Backtrace, DateTimeOffset? FailedAt, DateTimeOffset? NextAt);
