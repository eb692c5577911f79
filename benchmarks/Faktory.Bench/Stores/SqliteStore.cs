using Microsoft.Data.Sqlite;

namespace Faktory.Bench.Stores;

/// <summary>SQLite, a B-tree in one file: write-ahead log, no sync at a commit, as RocksDB is used here.</summary>
sealed class SqliteStore : CycledStore
{
    readonly SqliteConnection _connection;
    readonly SqliteCommand _insert;
    readonly SqliteCommand _first;
    readonly SqliteCommand _delete;
    SqliteTransaction? _transaction;

    internal SqliteStore(string folder)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "jobs.sqlite"), Pooling = false }.ToString());
        _connection.Open();
        using var create = _connection.CreateCommand();
        create.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, job BLOB NOT NULL)";
        create.ExecuteNonQuery();
        _insert = Command("INSERT INTO jobs (job) VALUES ($job)");
        _insert.Parameters.AddWithValue("$job", new byte[CyclesBenchmark.JobBytes]);
        _first = Command("SELECT id, job FROM jobs ORDER BY id LIMIT 1");
        _delete = Command("DELETE FROM jobs WHERE id = $id");
        _delete.Parameters.Add("$id", SqliteType.Integer);
    }

    internal override string Name => "SQLite";

    internal override void Push() => Run(_insert);

    internal override void Pop()
    {
        _first.Transaction = _transaction ??= _connection.BeginTransaction();
        using (var reader = _first.ExecuteReader())
        {
            reader.Read();
            _delete.Parameters["$id"].Value = reader.GetInt64(0);
            _ = reader.GetFieldValue<byte[]>(1);
        }

        Run(_delete);
    }

    internal override void Commit()
    {
        _transaction?.Commit();
        _transaction?.Dispose();
        _transaction = null;
    }

    public override void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_insert, _first, _delete])
            command.Dispose();
        _transaction?.Dispose();
        _connection.Dispose();
    }

    // The text is a constant of this class.
    SqliteCommand Command(string text)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        return command;
    }

    void Run(SqliteCommand command)
    {
        command.Transaction = _transaction ??= _connection.BeginTransaction();
        command.ExecuteNonQuery();
    }
}
