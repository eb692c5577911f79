using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Tests.ObjectStores;

/// <summary>AWS Signature Version 4, verified as S3 does it for a whole signed payload.</summary>
static class S3Signature
{
    /// <summary>The error code S3 would answer with, or null when the request is in order.</summary>
    internal static string? Refuse(HttpRequest request, byte[] body, string accessKey, string secretKey)
    {
        // AWS4-HMAC-SHA256 Credential=AK/date/region/s3/aws4_request, SignedHeaders=a;b, Signature=hex
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal))
            return "AccessDenied";
        var fields = authorization["AWS4-HMAC-SHA256 ".Length..].Split(',').Select(f => f.Trim().Split('=', 2)).ToDictionary(f => f[0], f => f[1]);
        var scope = fields["Credential"].Split('/');
        if (scope is not [var key, var date, var region, "s3", "aws4_request"] || key != accessKey)
            return "InvalidAccessKeyId";
        var payload = request.Headers["x-amz-content-sha256"].ToString();
        if (payload != Convert.ToHexStringLower(SHA256.HashData(body)))
            return "XAmzContentSHA256Mismatch";
        var signedHeaders = fields["SignedHeaders"];
        if (!signedHeaders.Split(';').Contains("x-amz-content-sha256") || !signedHeaders.Split(';').Contains("host"))
            return "AccessDenied";

        var canonical = string.Join('\n',
            request.Method,
            Encode(request.Path.Value!, keepSlash: true),
            string.Join('&', request.Query.Select(q => $"{Encode(q.Key)}={Encode(q.Value.ToString())}").Order(StringComparer.Ordinal)),
            string.Concat(signedHeaders.Split(';').Select(h => $"{h}:{request.Headers[h].ToString().Trim()}\n")),
            signedHeaders,
            payload);
        var toSign = string.Join('\n', "AWS4-HMAC-SHA256", request.Headers["x-amz-date"].ToString(), string.Join('/', scope[1..]),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var signingKey = new[] { date, region, "s3", "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + secretKey), Hmac);
        return Convert.ToHexStringLower(Hmac(signingKey, toSign)) == fields["Signature"] ? null : "SignatureDoesNotMatch";
    }

    static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    static string Encode(string text, bool keepSlash = false) =>
        keepSlash ? string.Join('/', text.Split('/').Select(Uri.EscapeDataString)) : Uri.EscapeDataString(text);
}
