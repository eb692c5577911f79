namespace Faktory.Client;

/// <summary>
/// Thrown by a handler that cannot go on with its job just now: it goes back to the server, is first in its queue again, and no retry is spent.
/// </summary>
/// <param name="message">Why, for <see cref="FaktoryNotice.JobGivenBack"/> and for servers that know no REQUEUE, where the job fails with it.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class FaktoryGiveBackException(string message, Exception? inner = null) : Exception(message, inner);
