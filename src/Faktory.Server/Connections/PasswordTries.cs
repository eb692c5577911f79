using System.Net;
using System.Net.Sockets;

namespace Faktory.Server.Connections;

/// <summary>
/// How many wrong passwords came from where, so that guessing takes years and costs no processor time. Only the wrong ones count: a fleet of
/// workers may connect at once. Any thread.
/// </summary>
sealed class PasswordTries(TimeProvider clock)
{
    // Some 2 MB, and those that are being looked at, which the places for handshakes bound. Whoever has more addresses than that is not stopped by counting them.
    internal const int SourcesMax = 10_000;

    // Who has one address of a network of the sixth version has all of these.
    const int NetworkBytes = 8;

    static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    readonly object _gate = new();
    readonly Dictionary<IPAddress, Source> _sources = [];

    /// <summary>How many are remembered.</summary>
    internal int Sources
    {
        get
        {
            lock (_gate)
                return _sources.Count;
        }
    }

    /// <summary>
    /// False when there were too many wrong ones. Asked before a password is looked at, and after true followed by <see cref="End"/>. One that is being
    /// looked at counts as wrong, so that guesses that come together count together; but it sends nobody away: whoever comes meanwhile waits for it.
    /// </summary>
    internal async ValueTask<bool> TryBeginAsync(EndPoint? remote, int triesMax)
    {
        var address = AddressOf(remote);
        while (true)
        {
            Task ended;
            lock (_gate)
            {
                if (!_sources.TryGetValue(address, out var source))
                {
                    MakeRoom(triesMax);
                    _sources.Add(address, source = new Source(new TokenBucket(clock, Period)));
                }
                if (source.Tries.TryTake(triesMax))
                {
                    source.Begun++;
                    return true;
                }
                if (source.Begun == 0)
                    return false;
                source.Ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                ended = source.Ended.Task;
            }
            await ended;
        }
    }

    /// <summary>The password was looked at.</summary>
    internal void End(EndPoint? remote, bool isRight, int triesMax)
    {
        var address = AddressOf(remote);
        lock (_gate)
        {
            var source = _sources[address];
            source.Begun--;
            if (isRight)
                source.Tries.GiveBack();
            source.Ended?.SetResult();
            source.Ended = null;
            if (source.MayBeForgotten(triesMax))
                _sources.Remove(address);
        }
    }

    /// <summary>How long until a password from there is looked at again; zero when one is.</summary>
    internal TimeSpan FreeIn(EndPoint? remote, int triesMax)
    {
        lock (_gate)
            return _sources.TryGetValue(AddressOf(remote), out var source) ? source.Tries.FreeIn(triesMax) : TimeSpan.Zero;
    }

    void MakeRoom(int triesMax)
    {
        if (_sources.Count < SourcesMax)
            return;
        Forget(source => source.MayBeForgotten(triesMax));
        if (_sources.Count >= SourcesMax)
            Forget(source => source.Begun == 0);
    }

    void Forget(Func<Source, bool> which)
    {
        foreach (var (address, source) in _sources)
        {
            if (which(source))
                _sources.Remove(address);
        }
    }

    static IPAddress AddressOf(EndPoint? remote)
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

    sealed class Source(TokenBucket tries)
    {
        internal TokenBucket Tries => tries;

        /// <summary>How many are being looked at.</summary>
        internal int Begun;

        /// <summary>Completes when one of those has ended; null while nobody waits for it.</summary>
        internal TaskCompletionSource? Ended;

        internal bool MayBeForgotten(int triesMax) => Begun == 0 && tries.IsFull(triesMax);
    }
}
