using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Faktory.Server.Connections;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Access;

/// <summary>HTTP Basic with any user name. The password is the web UI's own, otherwise one of the server's.</summary>
static class WebPassword
{
    internal static bool IsGiven(HttpContext http, ServerState state)
    {
        var policy = state.WebPasswords ?? state.Passwords;
        if (!policy.IsRequired)
            return true;
        if (Read(http.Request.Headers.Authorization) is not { } given)
            return false;
        var now = state.Clock.GetUtcNow();
        var isGiven = false;
        // Hashed, so that neither the length of the password nor where it differs can be timed.
        foreach (var password in policy.Passwords.Where(p => p.ExpiresAt is not { } end || end > now))
            isGiven |= CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(password.Value)), SHA256.HashData(given));
        return isGiven;
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
