using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Faktory.Server.Protocol;

/// <summary>The salt and the number of iterations with which a client has to hash the password, new for each connection.</summary>
readonly record struct Challenge(string Salt, int Iterations)
{
    const int IterationsMin = 4000;
    const int IterationsMax = 8095;

    internal static Challenge Create() => new(
        (BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue).ToString("x", CultureInfo.InvariantCulture),
        RandomNumberGenerator.GetInt32(IterationsMin, IterationsMax + 1));

    /// <summary>SHA-256 of password and salt, then of its own 32 bytes, <paramref name="iterations"/> in all; lower-case hex.</summary>
    internal static string Hash(string password, string salt, int iterations)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(password + salt));
        for (var i = 1; i < iterations; i++)
            SHA256.HashData(hash, hash);
        return Convert.ToHexStringLower(hash);
    }

    internal static bool IsAnswered(string pwdhash, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(pwdhash), Encoding.UTF8.GetBytes(expected));
}
