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
sealed class DnsProof : IDomainProof
{
    readonly LookupClient dns = new(new LookupClientOptions { Timeout = TimeSpan.FromSeconds(3), Retries = 1, UseCache = false, ThrowDnsErrors = false });

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
