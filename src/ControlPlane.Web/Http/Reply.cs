using ControlPlane.Client;

namespace ControlPlane.Web.Http;

/// <summary>What a call to the Api gave: a value, or the problem the page shows instead.</summary>
public readonly record struct Reply<T>(T? Value, ProblemResource? Problem)
{
    public bool IsMissing => Problem?.Status == StatusCodes.Status404NotFound;
}

static class Replies
{
    /// <summary>Turns a refusal into a value, since pages show refusals.</summary>
    public static async Task<Reply<T>> AsReply<T>(this Task<T> call)
    {
        try
        {
            return new(await call, null);
        }
        catch (ControlPlaneException refusal)
        {
            return new(default, refusal.Problem);
        }
    }

    /// <returns>Null when the call succeeded.</returns>
    public static async Task<ProblemResource?> AsProblem(this Task call)
    {
        try
        {
            await call;
            return null;
        }
        catch (ControlPlaneException refusal)
        {
            return refusal.Problem;
        }
    }
}
