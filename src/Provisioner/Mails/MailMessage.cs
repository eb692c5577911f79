using ControlPlane.Core.Mails;
using MimeKit;
using MimeKit.Utils;

namespace Provisioner.Mails;

/// <summary>A mail as RFC 5322 and MIME write it: the text, and beside it the page with its logo inside.</summary>
static class MailMessage
{
    /// <param name="own">The service's own address.</param>
    /// <exception cref="ParseException">The mail is to no address.</exception>
    internal static MimeMessage Compose(Mail mail, MailLook look, MailboxAddress own)
    {
        var message = new MimeMessage
        {
            Subject = mail.Subject,
            Date = mail.At,
            // The same each time that it is sent, so that one which comes twice is seen to be one.
            MessageId = $"{mail.Id}@{own.Domain}",
        };
        message.From.Add(new MailboxAddress(mail.SenderName ?? own.Name, mail.From ?? own.Address));
        if (mail.From is not null)
            message.Sender = own;
        if (mail.ReplyTo is { } answers)
            message.ReplyTo.Add(new MailboxAddress(mail.SenderName, answers));
        message.To.Add(new MailboxAddress(null, MailboxAddress.Parse(mail.To).Address));
        // RFC 3834: who is away answers people, not this.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");

        var body = new BodyBuilder { TextBody = mail.Body };
        string? logo = null;
        if (look.Logo is { } png)
        {
            var part = body.LinkedResources.Add("logo.png", png, new ContentType("image", "png"));
            part.ContentId = MimeUtils.GenerateMessageId(own.Domain);
            logo = $"cid:{part.ContentId}";
        }
        body.HtmlBody = MailPage.Write(mail, look, logo);
        message.Body = body.ToMessageBody();
        return message;
    }
}
