using System.Net.Sockets;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Mails;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;
using Npgsql;
using Provisioner.Health;

namespace Provisioner.Mails;

/// <summary>
/// Sends what waits, the longest waiting first, over one connection a round. What the mail server refuses for good is given up; whatever else it meets is tried again. A mail whose
/// fate a crash left open is sent again, under the same Message-ID.
/// </summary>
sealed partial class SendMails(
    IServiceScopeFactory scopes, MailLook own, NpgsqlDataSource database, IOptions<MailOptions> options, TimeProvider clock, ILogger<SendMails> log)
    : Rounds(database, Leadership.Mails, options.Value.SendEvery, clock, log)
{
    const int MailsPerRoundMax = 100;
    const string AlertSubject = "mails";
    static readonly TimeSpan answerWithin = TimeSpan.FromSeconds(30), forgetEvery = TimeSpan.FromHours(1);

    readonly MailOptions options = options.Value;
    DateTimeOffset forgottenAt;

    protected override async Task RunOnceAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateFleetScope();
        var (db, now) = (scope.Db, Clock.GetUtcNow());
        var due = await db.Mails.Where(m => m.NextTryAt <= now).OrderBy(m => m.NextTryAt).ThenBy(m => m.Id).Take(MailsPerRoundMax).ToListAsync(cancel);
        if (due.Count > 0)
            await SendAsync(db, due, cancel);
        if (now - forgottenAt >= forgetEvery)
        {
            var before = now - options.KeptFor;
            await db.Mails.Where(m => m.At < before && m.NextTryAt == null).ExecuteDeleteAsync(cancel);
            forgottenAt = now;
        }
    }

    async Task SendAsync(ControlPlaneDb db, List<Mail> due, CancellationToken cancel)
    {
        using var server = new SmtpClient { Timeout = (int)answerWithin.TotalMilliseconds };
        try
        {
            await server.ConnectAsync(options.Host!, options.Port, options.SocketOptions, cancel);
            if (options.UserName is { Length: > 0 } name)
                await server.AuthenticateAsync(name, options.Password ?? "", cancel);
        }
        catch (Exception fault) when (IsOfServer(fault))
        {
            foreach (var mail in due)
                mail.MarkTried(Clock.GetUtcNow(), Unusable(fault));
            await AlertAsync(db, fault, cancel);
            return;
        }
        foreach (var mail in due)
        {
            try
            {
                await SendAsync(server, mail, await db.ReadMailLookAsync(mail, own, cancel), cancel);
            }
            catch (Exception fault) when (IsOfServer(fault))
            {
                // This mail may be why. The others are sent in the next round, over another connection.
                mail.MarkTried(Clock.GetUtcNow(), Unusable(fault));
                await AlertAsync(db, fault, cancel);
                return;
            }
            await db.SaveChangesAsync(CancellationToken.None);
        }
        await db.ResolveAlertAsync(Alerts.MailsNotSent, AlertSubject, Clock, cancel);
        await db.SaveChangesAsync(cancel);
        await server.DisconnectAsync(quit: true, cancel);
    }

    async Task SendAsync(SmtpClient server, Mail mail, MailLook look, CancellationToken cancel)
    {
        try
        {
            using var message = MailMessage.Compose(mail, look, options.Sender);
            await server.SendAsync(message, options.Sender, message.To.Mailboxes, cancel);
            mail.MarkSent(Clock.GetUtcNow());
        }
        catch (ParseException)
        {
            mail.MarkFailed("This is no address that a mail can be sent to.");
        }
        // Of anything else, that we are not let send at all, somebody must be told, and all the others will meet it, too.
        catch (SmtpCommandException refusal) when (refusal.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted)
        {
            var error = $"The mail server does not take it: {(int)refusal.StatusCode} {refusal.Message}";
            // RFC 5321, 4.2.1: 5yz is for good, 4yz is not.
            if ((int)refusal.StatusCode >= 500)
                mail.MarkFailed(error);
            else
                mail.MarkTried(Clock.GetUtcNow(), error);
        }
        if (mail.Error is not null)
            LogNotSent(log, mail.Id.ToString(), mail.Error);
    }

    async Task AlertAsync(ControlPlaneDb db, Exception fault, CancellationToken cancel)
    {
        LogServer(log, fault, options.Host!, options.Port);
        await db.RaiseAlertAsync(
            null, Alerts.MailsNotSent, AlertSeverity.Critical, AlertSubject,
            $"Mails cannot be sent by {options.Host}:{options.Port}: {fault.Message} They wait, and are tried for {Mail.TriedFor.Days} days; see GET /v1/operator/mails.", Clock, cancel);
        await db.SaveChangesAsync(CancellationToken.None);
    }

    static string Unusable(Exception fault) => $"The mail server could not be used: {fault.Message}";

    /// <summary>What a server that is away, talks nonsense, offers no TLS or does not know us makes of a call.</summary>
    static bool IsOfServer(Exception fault) => fault
        is SocketException or IOException or TimeoutException or AuthenticationException or SslHandshakeException or ServiceNotConnectedException or ServiceNotAuthenticatedException
        or ProtocolException or CommandException or NotSupportedException;

    [LoggerMessage(LogLevel.Warning, "Mail {Mail} was not sent. {Error}")]
    static partial void LogNotSent(ILogger log, string mail, string error);

    [LoggerMessage(LogLevel.Error, "The mail server {Host}:{Port} could not be used.")]
    static partial void LogServer(ILogger log, Exception fault, string host, int port);
}
