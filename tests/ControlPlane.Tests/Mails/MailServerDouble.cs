using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace ControlPlane.Tests.Mails;

/// <summary>What a mail server was given: the envelope, and the message in it.</summary>
sealed record Posted(string From, string To, MimeMessage Message);

/// <summary>A mail server on loopback that keeps what it takes. It does not know addresses that begin with "nobody", and is busy for those that begin with "busy" while told to be.</summary>
sealed class MailServerDouble : IAsyncDisposable, IMessageStore, IMailboxFilter
{
    internal const string UserName = "faktory", Password = "a mail server's password";

    readonly ConcurrentQueue<Posted> taken = new();
    readonly CancellationTokenSource stopping = new();
    readonly X509Certificate2? certificate;
    readonly Task serving;
    int cuts;

    /// <param name="isSecure">TLS with a certificate that nobody trusts.</param>
    internal MailServerDouble(int port, bool isSecure = false, bool asksForPassword = false)
    {
        certificate = isSecure ? SelfSigned() : null;
        var options = new SmtpServerOptionsBuilder().ServerName("mail.example").Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, port)).AllowUnsecureAuthentication().AuthenticationRequired(asksForPassword);
            if (certificate is not null)
                endpoint.IsSecure(true).Certificate(certificate);
        }).Build();
        var services = new ServiceProvider();
        services.Add((IMessageStore)this);
        services.Add((IMailboxFilter)this);
        services.Add(new DelegatingUserAuthenticator((name, password) => (name, password) == (UserName, Password)));
        serving = new SmtpServer.SmtpServer(options, services).StartAsync(stopping.Token);
    }

    internal IReadOnlyList<Posted> Taken => [.. taken];

    internal bool IsBusy { get; set; }

    /// <summary>The connection is cut when it has taken the next message, before it says so.</summary>
    internal void CutOnce() => cuts = 1;

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream(buffer.ToArray());
        taken.Enqueue(new Posted(transaction.From.AsAddress(), transaction.To.Single().AsAddress(), await MimeMessage.LoadAsync(bytes, cancellationToken)));
        if (Interlocked.Exchange(ref cuts, 0) == 1)
            context.Pipe.Dispose();
        return SmtpResponse.Ok;
    }

    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) => to.User switch
    {
        "busy" when IsBusy => throw new SmtpResponseException(new SmtpResponse(SmtpReplyCode.InsufficientStorage, "come back later")),
        "nobody" => Task.FromResult(false),
        _ => Task.FromResult(true),
    };

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        try
        {
            await serving;
        }
        catch (OperationCanceledException)
        {
            // It was asked to.
        }
        stopping.Dispose();
        certificate?.Dispose();
    }

    static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=mail.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
