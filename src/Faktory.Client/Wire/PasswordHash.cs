using System.Security.Cryptography;
using System.Text;

namespace Faktory.Client.Wire;

/// <summary>The password as HELLO carries it: SHA-256 over password + salt, then over the 32 bytes again, <c>iterations</c> times in all.</summary>
static class PasswordHash
{
    /// <summary>The server chooses the work; this is the most that we do for it (about 50 ms).</summary>
    internal const int IterationsMax = 100_000;

    internal static string Compute(string password, string salt, int iterations)
    {
        if (iterations is < 1 or > IterationsMax)
            throw new FaktoryProtocolException($"the server asks for {iterations} rounds of hashing; 1 to {IterationsMax} are done");

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(password + salt), hash);
        for (var round = 1; round < iterations; round++)
            SHA256.HashData(hash, hash);
        return Convert.ToHexStringLower(hash);
    }
}
