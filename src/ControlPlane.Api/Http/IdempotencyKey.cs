using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Api.Http;

/// <summary>An <c>Idempotency-Key</c> with whose it is and which request it came with.</summary>
sealed record IdempotencyKey(string Caller, string Key, byte[] RequestHash)
{
    internal const string HeaderName = "Idempotency-Key";
    const int LengthMax = 255;

    internal static bool IsGiven(HttpRequest request) => HttpMethods.IsPost(request.Method) && request.Headers.ContainsKey(HeaderName);

    internal static bool IsValid(string key) => key.Length is > 0 and <= LengthMax && key.All(character => character is >= ' ' and <= '~');

    /// <summary>Reads the body again; it has been kept for this by <see cref="KeptBodies"/>.</summary>
    internal static async Task<IdempotencyKey> ReadAsync(HttpRequest request, Caller? caller, CancellationToken cancel)
    {
        request.Body.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(await SHA256.HashDataAsync(request.Body, cancel));
        var requestHash = hash.GetHashAndReset();
        // A stranger's key is told apart by the whole request, which holds a password or a token that only its sender knows:
        // so nobody gets another's answer, and nobody can occupy another's key.
        var owner = caller is null ? $"anonymous:{Convert.ToHexStringLower(requestHash)}" : $"{caller.Organization}:{caller.User}";
        return new IdempotencyKey(owner, request.Headers[HeaderName].ToString(), requestHash);
    }
}

/// <summary>Keeps the body of a request with an Idempotency-Key in memory, never in a file, so that it can be compared.</summary>
static class KeptBodies
{
    internal static IApplicationBuilder UseKeptBodies(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (IdempotencyKey.IsGiven(context.Request))
            context.Request.EnableBuffering(bufferThreshold: RequestBodies.BytesMax + 1);
        return next(context);
    });
}

static class RequestBodies
{
    /// <summary>The largest body that is read.</summary>
    internal const int BytesMax = 1024 * 1024;
}
