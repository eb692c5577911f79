using System.Globalization;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Statements;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ControlPlane.Bench;

/// <summary>The ledger on a durable PostgreSQL: journals a second, what its rules cost, and the closing of a large month.</summary>
static class MoneyBenchmark
{
    static readonly PostedBy by = new("bench", "manual", LedgerMode.Live);

    internal static async Task RunAsync(TimeSpan seconds, int customers, TimeProvider clock, CancellationToken cancel)
    {
        await using var ledger = await BenchLedger.StartAsync(clock, cancel);
        Console.WriteLine("Journals of 6 lines, each in a transaction of its own\n\n| connections | journals | a second |\n|---|---|---|");
        foreach (var connections in (int[])[1, 8])
        {
            await PostAsync(ledger, $"warm {connections}", connections, TimeSpan.FromSeconds(1), clock, cancel);
            var count = await PostAsync(ledger, $"run {connections}", connections, seconds, clock, cancel);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {connections} | {count} | {count / seconds.TotalSeconds:0} |"));
        }
        await MeasureRulesAsync(ledger, clock, cancel);
        await MeasureClosingAsync(ledger, customers, clock, cancel);
        await InboxBenchmark.RunAsync(ledger, seconds, clock, cancel);
    }

    static async Task<int> PostAsync(BenchLedger ledger, string name, int connections, TimeSpan seconds, TimeProvider clock, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(async connection =>
        {
            await using var fleet = ledger.Services.GetRequiredService<IServiceScopeFactory>().CreateFleetScope();
            var count = 0;
            for (; clock.GetElapsedTime(begun) < seconds; count++)
                await fleet.Db.PostAsync(Draft(string.Create(CultureInfo.InvariantCulture, $"{name} {connection} {count}"), clock), by, clock, cancel);
            return count;
        }));
        return counts.Sum();
    }

    static JournalDraft Draft(string id, TimeProvider clock)
    {
        var (vendor, reseller) = (new Party(PartyKind.Vendor, "v"), new Party(PartyKind.Reseller, "r"));
        return JournalDraft.Of(
            new("bench", id, clock.GetUtcNow(), Correlation: id), JournalKind.Shares,
            new(AccountCode.Bank, Usd(4900)), new(AccountCode.Revenue, Usd(-4900)), new(vendor.Expense, Usd(980)), new(vendor.Held, Usd(-980)), new(reseller.Expense, Usd(1182)), new(reseller.Held, Usd(-1182)));
    }

    /// <summary>The same inserts with the triggers and without them, in turns, as the owner of the tables.</summary>
    static async Task MeasureRulesAsync(BenchLedger ledger, TimeProvider clock, CancellationToken cancel)
    {
        const int journals = 1000, rounds = 3;
        await using var connection = new NpgsqlConnection(ledger.Owner);
        await connection.OpenAsync(cancel);
        var (with, without) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var round = 0; round < rounds; round++)
        {
            with += await InsertAsync(connection, journals, clock, cancel);
            await ExecuteAsync(connection, "ALTER TABLE journals DISABLE TRIGGER USER; ALTER TABLE entries DISABLE TRIGGER USER", cancel);
            without += await InsertAsync(connection, journals, clock, cancel);
            await ExecuteAsync(connection, "ALTER TABLE journals ENABLE TRIGGER USER; ALTER TABLE entries ENABLE TRIGGER USER", cancel);
        }
        var each = rounds * journals;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\nThe ledger's rules: {with.TotalMilliseconds / each:0.000} ms a journal with them, {without.TotalMilliseconds / each:0.000} ms without: {with / without:0.00}x ({each} journals each, in turns, bare inserts)"));
    }

    static async Task<TimeSpan> InsertAsync(NpgsqlConnection connection, int journals, TimeProvider clock, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        for (var i = 0; i < journals; i++)
        {
            await ExecuteAsync(
                connection,
                """
                WITH made AS (
                    INSERT INTO journals (id, source_type, source_id, kind, seq, line_count, effective_at, posted_at, contract_version_ids, actor, provider, mode)
                    VALUES (gen_random_uuid(), 'rules', gen_random_uuid()::text, 'shares', 1, 6, now(), now(), '{}', 'bench', 'manual', 'live') RETURNING id)
                INSERT INTO entries (journal_id, line, account_id, currency, amount)
                SELECT made.id, line, (SELECT min(id) FROM ledger_accounts), 'USD', CASE WHEN line <= 3 THEN line ELSE line - 7 END FROM made, generate_series(1, 6) AS line
                """,
                cancel);
        }
        return clock.GetElapsedTime(begun);
    }

    /// <summary>A month in which every customer paid once, and had a reseller of its own: the vendor, the reseller and the operator have their part of each.</summary>
    static async Task MeasureClosingAsync(BenchLedger ledger, int customers, TimeProvider clock, CancellationToken cancel)
    {
        await using (var connection = new NpgsqlConnection(ledger.Owner))
        {
            await connection.OpenAsync(cancel);
            await ExecuteAsync(connection, LastMonth.Replace("CUSTOMERS", customers.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), cancel);
        }
        await using var fleet = ledger.Services.GetRequiredService<IServiceScopeFactory>().CreateFleetScope();
        fleet.Db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        var now = clock.GetUtcNow().UtcDateTime;
        var month = new DateOnly(now.Year, now.Month, 1).AddMonths(-1);
        var begun = clock.GetTimestamp();
        await fleet.Db.CloseMonthAsync(month, Actor.System("bench"), clock, cancel);
        var closing = clock.GetElapsedTime(begun);
        begun = clock.GetTimestamp();
        var vendor = await fleet.Db.ReadStatementSheetAsync(new Party(PartyKind.Vendor, "v"), Currency.Usd, month, cancel);
        var reading = clock.GetElapsedTime(begun);
        var statements = await fleet.Db.IssuedStatements.CountAsync(cancel);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\nClosing a month of {customers} customers x 3 parties ({customers * 2} journals): {closing.TotalSeconds:0.0} s for {statements} statements; the vendor's, with {vendor.Statement.Lines.Count} lines, is read in {reading.TotalSeconds:0.0} s"));
    }

    const string LastMonth = """
        INSERT INTO ledger_accounts (code, party_id, currency, kind)
        SELECT code, 'r' || n, 'USD', kind FROM generate_series(1, CUSTOMERS) AS n, (VALUES ('R.HELD', 'liability'), ('R.EXP', 'expense')) AS a (code, kind) ON CONFLICT DO NOTHING;
        CREATE TEMP TABLE made AS SELECT n, gen_random_uuid() AS payment, gen_random_uuid() AS shares, date_trunc('month', now()) - interval '20 days' + n * interval '1 second' AS at FROM generate_series(1, CUSTOMERS) AS n;
        INSERT INTO journals (id, source_type, source_id, kind, seq, line_count, effective_at, posted_at, contract_version_ids, correlation, actor, provider, mode)
        SELECT payment, 'payment', 'p' || n, 'payment', 1, 2, at, at, '{}'::uuid[], 'p' || n, 'bench', 'manual', 'live' FROM made
        UNION ALL SELECT shares, 'payment', 'p' || n, 'shares', 1, 4, at, at, '{}'::uuid[], 'p' || n, 'bench', 'manual', 'live' FROM made;
        INSERT INTO entries (journal_id, line, account_id, currency, amount)
        SELECT m.payment, 1, (SELECT id FROM ledger_accounts WHERE code = 'BANK'), 'USD', 4900 FROM made m
        UNION ALL SELECT m.payment, 2, (SELECT id FROM ledger_accounts WHERE code = 'REV'), 'USD', -4900 FROM made m
        UNION ALL SELECT m.shares, 1, (SELECT id FROM ledger_accounts WHERE code = 'V.EXP'), 'USD', 980 FROM made m
        UNION ALL SELECT m.shares, 2, (SELECT id FROM ledger_accounts WHERE code = 'V.HELD'), 'USD', -980 FROM made m
        UNION ALL SELECT m.shares, 3, a.id, 'USD', 1182 FROM made m JOIN ledger_accounts a ON a.code = 'R.EXP' AND a.party_id = 'r' || m.n
        UNION ALL SELECT m.shares, 4, a.id, 'USD', -1182 FROM made m JOIN ledger_accounts a ON a.code = 'R.HELD' AND a.party_id = 'r' || m.n;
        """;

    static Money Usd(long minor) => new(minor, Currency.Usd);

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
