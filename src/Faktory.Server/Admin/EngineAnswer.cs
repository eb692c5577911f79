using System.Text.Json.Serialization.Metadata;
using Faktory.Server.Engine;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Admin;

/// <summary>Answers that are asked of the engine, and what is said while none runs.</summary>
static class EngineAnswer
{
    internal static async Task WriteAsync<T>(HttpContext http, AdminContext admin, Func<EngineLoop, Task<T>> ask, JsonTypeInfo<T> type)
    {
        try
        {
            if (admin.State.Engine is { } engine)
            {
                await http.Response.WriteAsJsonAsync(await ask(engine), type, cancellationToken: http.RequestAborted);
                return;
            }
        }
        catch (EngineStoppedException) when (!http.Response.HasStarted)
        {
            // It stopped meanwhile, for a restore for one.
        }
        await StatsCalls.NotServing.WriteAsync(http);
    }
}
