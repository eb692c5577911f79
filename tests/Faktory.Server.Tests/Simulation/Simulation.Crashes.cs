using System.Globalization;
using Faktory.Server.Commands;
using Faktory.Server.Engine;
using Faktory.Server.Storage;

namespace Faktory.Server.Tests.Simulation;

// Writes, syncs, and what is left when the power is cut between them. The model is taken back by living through what was synced once more.
sealed partial class Simulation
{
    readonly List<(Action<EngineModel> Change, (long, long) At)> _past = [];
    readonly List<Command> _promised = [];
    EngineModel _model;
    // How much of the past is on the disk, and up to which byte of which log.
    int _syncedPast;
    (long Log, long Length) _synced;
    // For so many steps more nothing is synced.
    int _held;
    int _cuts;

    /// <summary>How many changes were lost, of which nobody had been promised anything.</summary>
    internal int Lost { get; private set; }

    void Do(Action<EngineModel> change)
    {
        _past.Add((change, _clock.Moment));
        change(_model);
    }

    T Do<T>(Func<EngineModel, T> change)
    {
        T result = default!;
        Do(m => { result = change(m); });
        return result;
    }

    void Commit()
    {
        _store.WritePending();
        foreach (var command in _engine.TakeAnsweredOnWrite())
            command.Release();
        _promised.AddRange(_engine.TakeAnsweredOnSync());
    }

    // When engine and model have done the same, and somebody waits for a promise.
    void Sync()
    {
        if (_promised.Count == 0 || _held > 0)
            return;
        _store.Sync();
        (_synced, _syncedPast) = (EndOfLog(), _past.Count);
        foreach (var command in _promised)
            command.Release();
        _promised.Clear();
    }

    // The process is killed, and the disk has all that was written; or, with a number, the power is cut, and it has what was synced and so many bytes more.
    void Restart(int? torn)
    {
        _store.Dispose();
        Array.Clear(_sessions);
        Array.Clear(_waiting);
        Array.Clear(_given);
        _dropped.Clear();
        _promised.Clear();
        if (torn is { } bytes)
        {
            Cut(bytes);
            Relive();
            _dice.Renew(++_cuts);
        }
        int? dice = torn is null ? null : _cuts;
        Do(m => m.Restart(dice));
        Open();
        CompareContent();
    }

    void Cut(int torn)
    {
        foreach (var (number, file) in Logs().Where(l => l.Number >= _synced.Log))
        {
            var kept = number == _synced.Log ? _synced.Length + torn : torn;
            using var log = file.OpenWrite();
            log.SetLength(Math.Min(kept, log.Length));
        }
    }

    void Relive()
    {
        var now = _clock.Moment;
        Lost += _past.Count - _syncedPast;
        _past.RemoveRange(_syncedPast, _past.Count - _syncedPast);
        _clock.Moment = default;
        _model = new EngineModel(_clock);
        foreach (var (change, at) in _past)
        {
            _clock.Moment = at;
            change(_model);
            // What was answered then is compared already.
            _model.Fetched.Clear();
            _model.Dropped.Clear();
        }
        _clock.Moment = now;
    }

    void Open()
    {
        _store = JobStore.Open(_path);
        // A start makes what it found durable, by writing it into a file of its own.
        (_synced, _syncedPast) = (EndOfLog(), _past.Count);
        _engine = new JobEngine(_store, _clock, _dice);
        Configure();
    }

    (long Log, long Length) EndOfLog() => Logs().Select(l => (l.Number, l.File.Length)).LastOrDefault();

    // In the order of their numbers, in which they are read again.
    IOrderedEnumerable<(long Number, FileInfo File)> Logs() => new DirectoryInfo(_path).EnumerateFiles("*.log")
        .Select(f => (long.Parse(Path.GetFileNameWithoutExtension(f.Name), CultureInfo.InvariantCulture), f)).OrderBy(l => l.Item1);
}
