using MailKit.Security;
using MimeKit;

namespace Provisioner.Mails;

/// <summary>How the connection to the mail server is kept secret.</summary>
enum MailSecurity
{
    /// <summary>RFC 3207: nothing is said before the server has agreed to TLS.</summary>
    StartTls,

    /// <summary>TLS from the first byte, RFC 8314; usually on port 465.</summary>
    Tls,

    /// <summary>None: for a server on the same machine.</summary>
    None,
}

/// <summary>Section <c>Mail</c>. Without a <see cref="Host"/> nothing is sent, and the operator reads what was written on the portal.</summary>
sealed class MailOptions
{
    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>Who signs in at the mail server; nobody when null.</summary>
    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>As whose mails go out, for example <c>Faktory Cloud &lt;no-reply@example.com&gt;</c>; what cannot be delivered comes back there.</summary>
    public string? From { get; set; }

    /// <summary>How often it is looked whether there is something to send.</summary>
    public TimeSpan SendEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long what was sent or given up is kept to be read.</summary>
    public TimeSpan KeptFor { get; set; } = TimeSpan.FromDays(30);

    /// <exception cref="InvalidOperationException">It names nobody.</exception>
    internal MailboxAddress Sender => MailboxAddress.TryParse(From ?? "", out var sender) && sender.Domain.Length > 0
        ? sender
        : throw new InvalidOperationException("Mail:From is the sender of all mails, for example: Faktory Cloud <no-reply@example.com>.");

    internal SecureSocketOptions SocketOptions => Security switch
    {
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.None,
    };
}
