using Faktory.Server.Protocol;

namespace Faktory.Server.Connections;

/// <summary>A password; without an end it is good for ever.</summary>
readonly record struct Password(string Value, DateTimeOffset? ExpiresAt = null);

/// <summary>Who may connect. Immutable, so that it can be replaced while connections read it.</summary>
/// <param name="Passwords">Any that has not expired opens; none at all means that everybody may connect.</param>
/// <param name="AllowsSingleHash">
/// Whether clients that speak a protocol version below 2 may hash once instead of thousands of times. The Python client needs it;
/// it makes a captured handshake easy to attack.
/// </param>
sealed record PasswordPolicy(IReadOnlyList<Password> Passwords, bool AllowsSingleHash = false)
{
    internal static readonly PasswordPolicy Open = new([]);

    internal bool IsRequired => Passwords.Count > 0;

    internal bool Accepts(Hello hello, Challenge challenge, DateTimeOffset now)
    {
        if (!IsRequired)
            return true;
        var iterations = hello.Version < 2 && AllowsSingleHash ? 1 : challenge.Iterations;
        var isAccepted = false;
        foreach (var password in Passwords.Where(p => p.ExpiresAt is not { } end || end > now))
            isAccepted |= Challenge.IsAnswered(hello.PasswordHash, Challenge.Hash(password.Value, challenge.Salt, iterations));
        return isAccepted;
    }
}
