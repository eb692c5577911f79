using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ControlPlane.Api;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Secrets;
using ControlPlane.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ControlPlane.Tests.Api;

/// <summary>The real Api on a loopback port, on a database of the test's own, as the role that it runs as.</summary>
sealed class ApiServer : IAsyncDisposable
{
    internal static readonly string CertificatePath = MakeCertificate();
    readonly WebApplication app;
    readonly TestDatabase database;

    ApiServer(WebApplication app, TestDatabase database, SpokenLogs logs)
    {
        this.app = app;
        this.database = database;
        Logs = logs;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    /// <summary>Without a token.</summary>
    internal HttpClient Http { get; }
    internal SpokenLogs Logs { get; }
    internal TestDatabase Database => database;
    internal IServiceProvider Services => app.Services;
    internal TimeProvider Clock => app.Services.GetRequiredService<TimeProvider>();

    internal static async Task<ApiServer> StartAsync(PostgresFixture postgres, TimeProvider? clock = null, params string[] settings)
    {
        var database = await postgres.CreateDatabaseAsync();
        var logs = new SpokenLogs();
        var app = ApiHost.Create(
            [
                "--urls=http://127.0.0.1:0", $"--ConnectionStrings:ControlPlane={database.Api}", $"--KeyRing:Certificate={CertificatePath}",
                "--RateLimits:SensitivePerAddressPerHour=100000", "--RateLimits:PerAddressPerMinute=100000", "--RateLimits:PerCallerPerMinute=100000",
                "--Logging:LogLevel:Default=Debug", .. settings,
            ],
            clock ?? TimeProvider.System,
            builder => builder.Logging.ClearProviders().AddProvider(logs));
        await app.StartAsync();
        return new ApiServer(app, database, logs);
    }

    /// <summary>A person with an organization, and a client that speaks for them.</summary>
    internal async Task<Customer> SignUpAsync(string? email = null, string organization = "Acme")
    {
        var request = new SignUpRequest(email ?? $"{Guid.NewGuid():n}@example.com", Customer.Password, organization);
        using var response = await Http.PostAsJsonAsync("v1/signup", request, Json.Options);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        var account = (await response.Content.ReadFromJsonAsync<SignUpResponse>(Json.Options))!;
        return new Customer(this, account, account.Token);
    }

    internal HttpClient ClientFor(string bearer)
    {
        var http = new HttpClient { BaseAddress = Http.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return http;
    }

    /// <summary>The database as the Provisioner sees it, to play its part.</summary>
    internal FleetScope Fleet() => app.Services.GetRequiredService<IServiceScopeFactory>().CreateFleetScope();

    /// <summary>SQL that no process may run.</summary>
    internal async Task ExecuteAsOwnerAsync(string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await database.DisposeAsync();
    }

    static string MakeCertificate()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("faktory-tests-keys-").FullName, "key-ring.p12");
        KeyRing.EnsureCertificate(path, TimeProvider.System);
        return path;
    }
}

/// <summary>Everything that the Api has said.</summary>
sealed class SpokenLogs : ILoggerProvider
{
    readonly ConcurrentQueue<string> lines = new();

    internal IReadOnlyCollection<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => new Speaker(lines, categoryName);

    public void Dispose()
    {
    }

    sealed class Speaker(ConcurrentQueue<string> lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            lines.Enqueue($"{category} scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {exception}");
    }
}
