using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Admin;

/// <summary>Reads JSON bodies, and answers those that are none.</summary>
static class AdminBody
{
    internal static Problem Invalid(string detail) => new("The body cannot be used.", StatusCodes.Status400BadRequest, "invalid_body", detail);

    /// <summary>Null when the body is not what was asked for; the caller has been told so.</summary>
    internal static async Task<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted) is { } body)
                return body;
            await Invalid("It is null.").WriteAsync(http);
        }
        catch (JsonException e)
        {
            await Invalid(e.Message).WriteAsync(http);
        }
        return null;
    }
}
