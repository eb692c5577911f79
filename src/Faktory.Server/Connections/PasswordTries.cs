using System.Net;
using System.Net.Sockets;

namespace Faktory.Server.Connections;

/// <summary>
/// How many wrong passwords came from where, so that guessing takes years and costs no processor time. Only the wrong ones count: a fleet of
/// workers may connect at once. Any thread.
/// </summary>
sealed class PasswordTries(TimeProvider clock)
{
    // Some 2 MB. Whoever has more addresses than that is not stopped by counting them.
    internal const int SourcesMax = 10_000;

    // Who has one address of a network of the sixth version has all of these.
    const int NetworkBytes = 8;

    static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    readonly object _gate = new();
    readonly Dictionary<IPAddress, TokenBucket> _sources = [];

    /// <summary>How many are remembered.</summary>
    internal int Sources
    {
        get
        {
            lock (_gate)
                return _sources.Count;
        }
    }

    /// <summary>False when there were too many wrong ones. Taken before the password is looked at: guesses that come together count together.</summary>
    internal bool TryTake(EndPoint? remote, int triesMax)
    {
        var source = SourceOf(remote);
        lock (_gate)
        {
            if (_sources.TryGetValue(source, out var bucket))
                return bucket.TryTake(triesMax);
            MakeRoom(triesMax);
            _sources.Add(source, bucket = new TokenBucket(clock, Period));
            return bucket.TryTake(triesMax);
        }
    }

    /// <summary>How long until a password from there is looked at again; zero when one is.</summary>
    internal TimeSpan FreeIn(EndPoint? remote, int triesMax)
    {
        lock (_gate)
            return _sources.TryGetValue(SourceOf(remote), out var bucket) ? bucket.FreeIn(triesMax) : TimeSpan.Zero;
    }

    /// <summary>The password was right.</summary>
    internal void GiveBack(EndPoint? remote, int triesMax)
    {
        var source = SourceOf(remote);
        lock (_gate)
        {
            if (!_sources.TryGetValue(source, out var bucket))
                return;
            bucket.GiveBack();
            if (bucket.IsFull(triesMax))
                _sources.Remove(source);
        }
    }

    void MakeRoom(int triesMax)
    {
        if (_sources.Count < SourcesMax)
            return;
        foreach (var (source, bucket) in _sources)
        {
            if (bucket.IsFull(triesMax))
                _sources.Remove(source);
        }
        if (_sources.Count >= SourcesMax)
            _sources.Clear();
    }

    static IPAddress SourceOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address })
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var network = address.GetAddressBytes();
        network.AsSpan(NetworkBytes).Clear();
        return new IPAddress(network);
    }
}
