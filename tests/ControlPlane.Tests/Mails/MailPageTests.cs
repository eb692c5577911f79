using ControlPlane.Core.Mails;
using CsCheck;

namespace ControlPlane.Tests.Mails;

public sealed class MailPageTests
{
    // WCAG 2.2: black on white has 21, and luminances are as far apart as their contrast says.
    [Fact]
    public void Words_on_a_button_can_be_read_whatever_its_colour() => Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte).Sample((r, g, b) =>
    {
        var luminance = 0.2126 * Linear(r) + 0.7152 * Linear(g) + 0.0722 * Linear(b);
        var contrast = MailPage.On($"#{r:x2}{g:x2}{b:x2}") == "#ffffff" ? 1.05 / (luminance + 0.05) : (luminance + 0.05) / 0.05;
        return contrast >= 4.5;

        static double Linear(byte part) => part / 255.0 <= 0.04045 ? part / 255.0 / 12.92 : Math.Pow((part / 255.0 + 0.055) / 1.055, 2.4);
    });

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://a.example/ and more")]
    [InlineData("<a href=https://a.example/>")]
    public void What_is_no_link_alone_becomes_no_button(string paragraph)
    {
        var mail = MailBrand.Own.Write("ada@example.com", "Hello", paragraph, "Open", TimeProvider.System, TimeProvider.System.GetUtcNow());

        MailPage.Write(mail, MailLook.Own, null).ShouldNotContain("<a ");
    }
}
