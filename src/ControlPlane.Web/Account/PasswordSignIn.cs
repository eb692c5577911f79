using ControlPlane.Core.Identity;
using Microsoft.AspNetCore.Identity;

namespace ControlPlane.Web.Account;

/// <summary>Signs people in, without telling by words or time whether an address is known.</summary>
sealed class PasswordSignIn(SignInManager<User> signIn, UserManager<User> users)
{
    public const string Refused = "This e-mail address and password do not belong together. After ten wrong tries, an account is locked for five minutes.";

    // Of no password; made with the parameters that the service uses, so that comparing costs the same.
    static readonly User nobody = new() { CreatedAt = default };
    static string? hashOfNobody;

    /// <returns>Whether the person is signed in now.</returns>
    public async Task<bool> TryAsync(string? email, string? password, bool remembers)
    {
        if (string.IsNullOrEmpty(email) || string.IsNullOrEmpty(password))
            return false;
        var user = await users.FindByEmailAsync(email.Trim());
        if (user is not null)
            return (await signIn.PasswordSignInAsync(user, password, remembers, lockoutOnFailure: true)).Succeeded;
        hashOfNobody ??= users.PasswordHasher.HashPassword(nobody, Guid.NewGuid().ToString());
        users.PasswordHasher.VerifyHashedPassword(nobody, hashOfNobody, password);
        return false;
    }
}
