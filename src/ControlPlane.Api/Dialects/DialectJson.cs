using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Api.Dialects;

/// <summary>Bodies of other people's protocols: fields that we do not know are theirs to add, so they are let be.</summary>
static class DialectJson
{
    internal static JsonSerializerOptions Snake { get; } = Make(JsonNamingPolicy.SnakeCaseLower);
    internal static JsonSerializerOptions Camel { get; } = Make(JsonNamingPolicy.CamelCase);

    /// <summary>What is signed is needed as it came.</summary>
    internal static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancel); // Kestrel ends it at RequestBodies.BytesMax.
        return body.ToArray();
    }

    internal static async Task<T?> ReadAsync<T>(HttpRequest request, JsonSerializerOptions options, CancellationToken cancel) where T : class => Parse<T>(await ReadBytesAsync(request, cancel), options);

    /// <returns>Null where the body is no JSON object with fields of these types, or holds a NUL, which PostgreSQL keeps nowhere.</returns>
    internal static T? Parse<T>(ReadOnlySpan<byte> body, JsonSerializerOptions options) where T : class
    {
        if (body.IndexOf("\\u0000"u8) >= 0)
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(body, options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static JsonSerializerOptions Make(JsonNamingPolicy names) => new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = names,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };
}
