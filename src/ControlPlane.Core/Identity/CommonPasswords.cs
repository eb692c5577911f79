using Microsoft.AspNetCore.Identity;

namespace ControlPlane.Core.Identity;

/// <summary>Refuses passwords that everybody tries first: the list beside this file, also with digits and signs behind a word of it, and the person's own address.</summary>
public sealed class CommonPasswords : IPasswordValidator<User>
{
    public const string ErrorCode = "PasswordTooCommon";
    const int DistinctCharactersMin = 4;
    static readonly Lazy<HashSet<string>> List = new(Read);

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) =>
        Task.FromResult(password is null || !IsCommon(password, user.Email)
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityError { Code = ErrorCode, Description = "This password is one of the first that an attacker tries. Choose another." }));

    public static bool IsCommon(string password, string? email)
    {
        var lower = password.ToLowerInvariant();
        var word = lower.AsSpan().TrimEnd("0123456789!?.-_#$*@+ ");
        return List.Value.Contains(lower)
            || List.Value.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word)
            || lower.Distinct().Count() < DistinctCharactersMin
            || (email is not null && (email.Equals(password, StringComparison.OrdinalIgnoreCase) || email.AsSpan().StartsWith($"{word}@", StringComparison.OrdinalIgnoreCase)));
    }

    static HashSet<string> Read()
    {
        using var file = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")
            ?? throw new InvalidOperationException("common-passwords.txt is not embedded in the assembly");
        using var lines = new StreamReader(file);
        var list = new HashSet<string>(StringComparer.Ordinal);
        while (lines.ReadLine() is { } line)
            list.Add(line);
        return list;
    }
}
