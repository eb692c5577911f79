using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Api.Dialects;

/// <summary>Bodies of other people's protocols: fields that we do not know are theirs to add, so they are let be.</summary>
static class DialectJson
{
    internal static JsonSerializerOptions Snake { get; } = Make(JsonNamingPolicy.SnakeCaseLower);
    internal static JsonSerializerOptions Camel { get; } = Make(JsonNamingPolicy.CamelCase);

    /// <returns>Null where the body is no JSON object with fields of these types.</returns>
    internal static async Task<T?> ReadAsync<T>(HttpRequest request, JsonSerializerOptions options, CancellationToken cancel) where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, options, cancel);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static T? Parse<T>(ReadOnlySpan<byte> body, JsonSerializerOptions options) where T : class
    {
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
