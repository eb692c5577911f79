using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Faktory.Bench.Servers;

/// <summary>The operator's file of one server: it rules the features, and so has to name a password.</summary>
static class InstanceFile
{
    const string password = "bench";

    static readonly string[] _features = ["unique", "expiring", "batches", "tracking", "throttles", "cron", "cancel", "weights", "debounce"];

    /// <returns>Its path.</returns>
    internal static string Write(DirectoryInfo folder, bool hasFeatures)
    {
        var path = Path.Combine(folder.FullName, "instance.json");
        var features = string.Join(',', _features.Select(name => $"\"{name}\":{(hasFeatures ? "true" : "false")}"));
        File.WriteAllText(path, $$"""{"admin_token":"bench","generation":1,"passwords":[{"value":"{{password}}"}],"features":{ {{features}} } }""");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    /// <summary>The answer to a greeting, whether or not it asks for a password.</summary>
    internal static byte[] Hello(ReadOnlySpan<byte> greeting)
    {
        // +HI {"v":2} or +HI {"v":2,"i":4500,"s":"salt"}
        var challenge = JsonElement.Parse(greeting["+HI ".Length..]);
        if (!challenge.TryGetProperty("s", out var salt))
            return "HELLO {\"v\":2}\r\n"u8.ToArray();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(password + salt.GetString()));
        for (var left = challenge.GetProperty("i").GetInt32(); left > 1; left--)
            hash = SHA256.HashData(hash);
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HELLO {{\"v\":2,\"pwdhash\":\"{Convert.ToHexStringLower(hash)}\"}}\r\n"));
    }
}
