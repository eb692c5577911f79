using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Core.Resellers.Webhooks;

/// <summary>
/// The header by which a receiver knows that a delivery is ours and new: <c>t=1790000000,v1=…</c>, where v1 is the hex HMAC-SHA256 of <c>t.body</c>. While a secret is being
/// replaced there is a v1 by each of both.
/// </summary>
public static class WebhookSignature
{
    public const string Header = "Faktory-Signature";

    /// <summary>A receiver refuses what is older.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    public static string Sign(string body, DateTimeOffset at, params IEnumerable<string> secrets)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={time},{string.Join(',', secrets.Select(s => $"v1={Compute(time, body, s)}"))}";
    }

    /// <summary>As a receiver does it: any v1 that fits, compared in constant time.</summary>
    public static bool IsValid(string header, string body, string secret, DateTimeOffset now)
    {
        var parts = header.Split(',').Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToLookup(p => p[0], p => p[1]);
        if (!long.TryParse(parts["t"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var at) || (now - DateTimeOffset.FromUnixTimeSeconds(at)).Duration() > Tolerance)
            return false;
        var expected = Encoding.ASCII.GetBytes(Compute(parts["t"].First(), body, secret));
        return parts["v1"].Any(v => CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(v)));
    }

    static string Compute(string time, string body, string secret) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}")));
}
