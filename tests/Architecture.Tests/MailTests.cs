using System.Text.RegularExpressions;

namespace Architecture.Tests;

public sealed class MailTests
{
    [Fact]
    public void Every_mail_is_made_under_a_brand() =>
        Repository.Code.Where(f => f.StartsWith("src/", StringComparison.Ordinal) && f != "src/ControlPlane.Core/Mails/MailBrand.cs")
            .Where(f => Regex.IsMatch(Repository.Read(f), @"\bnew Mail\b|Mails\.Add\(new\b")).ShouldBeEmpty();
}
