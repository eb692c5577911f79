using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Faktory.Server.Connections;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Access;

/// <summary>
/// HTTP Basic with any user name. The password is the web UI's own, otherwise one of the server's. Wrong ones are counted by address, as at the command port.
/// </summary>
static class WebPassword
{
    /// <summary>What to answer instead of the page, with the headers set that belong to it; null when the password was given.</summary>
    internal static async ValueTask<(int Status, string Text)?> RefuseAsync(HttpContext http, ServerState state)
    {
        var policy = state.WebPasswords ?? state.Passwords;
        if (!policy.IsRequired)
            return null;
        if (http.Request.Headers.Authorization.Count == 0)
            return Ask(http, "Authorization required");
        if (Read(http.Request.Headers.Authorization) is not { } given)
            return Ask(http, "Authorization failed");
        var from = http.Connection.RemoteIpAddress is { } address ? new IPEndPoint(address, 0) : null;
        var triesMax = state.Limits.PasswordTriesPerMinuteMax;
        if (!await state.WebPasswordTries.TryBeginAsync(from, triesMax))
            return SendAway(http, triesMax, state.WebPasswordTries.FreeIn(from, triesMax));
        var isRight = IsRight(given, policy, state.Clock.GetUtcNow());
        state.WebPasswordTries.End(from, isRight, triesMax);
        return isRight ? null : Ask(http, "Authorization failed");
    }

    static (int, string) Ask(HttpContext http, string text)
    {
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"Faktory\", charset=\"UTF-8\"";
        return (StatusCodes.Status401Unauthorized, text);
    }

    static (int, string) SendAway(HttpContext http, int triesMax, TimeSpan retryAfter)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds));
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return (StatusCodes.Status429TooManyRequests, $"too many wrong passwords: at most {triesMax} a minute from one address; try again in {seconds} seconds");
    }

    static bool IsRight(byte[] given, PasswordPolicy policy, DateTimeOffset now)
    {
        var isRight = false;
        // Hashed, so that neither the length of the password nor where it differs can be timed.
        foreach (var password in policy.Passwords.Where(p => p.ExpiresAt is not { } end || end > now))
            isRight |= CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(password.Value)), SHA256.HashData(given));
        return isRight;
    }

    // "Basic" SP base64(user ":" password)
    static byte[]? Read(string? header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var given) || !given.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = new byte[given.Parameter?.Length ?? 0];
        if (!Convert.TryFromBase64String(given.Parameter ?? "", bytes, out var length))
            return null;
        var colon = bytes.AsSpan(0, length).IndexOf((byte)':');
        return colon < 0 ? null : bytes[(colon + 1)..length];
    }
}
