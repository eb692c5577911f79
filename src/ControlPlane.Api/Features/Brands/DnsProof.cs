using System.Net.Sockets;
using DnsClient;

namespace ControlPlane.Api.Features.Brands;

/// <summary>What the owner of a domain has written into its name server.</summary>
interface IDomainProof
{
    /// <exception cref="SocketException">No name server answers.</exception>
    Task<IReadOnlyList<string>> ReadAsync(string name, CancellationToken cancel);
}

/// <summary>TXT records, asked of the machine's name servers; none where there is no such name. Safe for any number of callers.</summary>
sealed class DnsProof(LookupClientOptions options) : IDomainProof
{
    readonly LookupClient dns = new(options);

    internal static DnsProof OfThisMachine() => With(new LookupClientOptions());

    /// <param name="options">Which name servers to ask; the machine's by default.</param>
    internal static DnsProof With(LookupClientOptions options)
    {
        (options.Timeout, options.Retries, options.UseCache, options.ThrowDnsErrors) = (TimeSpan.FromSeconds(3), 1, false, false);
        return new DnsProof(options);
    }

    public async Task<IReadOnlyList<string>> ReadAsync(string name, CancellationToken cancel)
    {
        try
        {
            var answer = await dns.QueryAsync(name, QueryType.TXT, cancellationToken: cancel);
            return [.. answer.Answers.TxtRecords().SelectMany(record => record.Text)];
        }
        catch (DnsResponseException)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }
    }
}
