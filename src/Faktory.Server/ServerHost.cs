using System.Net;
using System.Net.Sockets;
using Faktory.Server.Admin;
using Faktory.Server.Config;
using Faktory.Server.Connections;
using Faktory.Server.Engine;
using Faktory.Server.Storage;
using Faktory.Server.Telemetry;
using Faktory.Server.Transport;
using Faktory.Server.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Faktory.Server;

/// <summary>A running server: its data folder, its engine and its listeners. Stops when it is disposed, after finishing what has begun.</summary>
sealed class ServerHost : IAsyncDisposable
{
    readonly AdminContext _admin;
    readonly WebApplication _app;
    readonly ListenOptions _commandListener;
    readonly ListenOptions? _adminListener;
    readonly ListenOptions? _webListener;
    readonly WebUi _ui;
    readonly Exports _exports;
    readonly CommandTls? _tls;

    ServerHost(AdminContext admin, WebApplication app, WebUi ui, Listeners listeners, CommandTls? tls)
    {
        _tls = tls;
        _admin = admin;
        _app = app;
        _ui = ui;
        _exports = new Exports(admin.State);
        (_commandListener, _adminListener, _webListener) = (listeners.Commands!, listeners.Admin, listeners.Web);
    }

    /// <summary>Where commands are served, with the port that port 0 became.</summary>
    internal IPEndPoint CommandEndpoint => _commandListener.IPEndPoint!;

    /// <summary>Where the operator is served; null when that was not asked for.</summary>
    internal IPEndPoint? AdminEndpoint => _adminListener?.IPEndPoint;

    /// <summary>Where the web UI is served; null when that was not asked for.</summary>
    internal IPEndPoint? WebEndpoint => _webListener?.IPEndPoint;

    internal ServerState State => _admin.State;

    /// <summary>Why only the admin port serves: the data cannot be opened. Null when all is well.</summary>
    internal string? Damage { get; private set; }

    /// <summary>Completes, with the reason, when the storage failed: nothing is acknowledged any more and the process has to end.</summary>
    internal Task<Exception> Failed => _admin.Slot.Failed;

    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    /// <exception cref="StorageException">The data cannot be opened, and there is no admin port over which it could be restored.</exception>
    /// <exception cref="AddressInUseException">Another program listens there.</exception>
    internal static async Task<ServerHost> StartAsync(ServerOptions options, TimeProvider clock, Random random)
    {
        var instance = options.InstanceFile is { } file ? InstanceFile.Load(file) : null;
        var folder = DataFolder.Open(options.DataDirectory);
        var state = new ServerState(clock) { Limits = options.Limits, Passwords = options.Passwords, WebPasswords = options.WebPasswords, AllowsEnqueue = options.AllowsEnqueue };
        var admin = new AdminContext(state, new EngineSlot(folder, state, options.Durability, random), folder, instance, options);
        try
        {
            if (instance is not null)
                await admin.FollowInstanceAsync(instance);
            else
                await admin.Slot.FollowAsync(options.Rules);
            var damage = await OpenAsync(admin);
            var host = await ListenAsync(admin, options);
            host.Damage = damage;
            host._exports.Follow(options);
            return host;
        }
        catch
        {
            Close(admin);
            throw;
        }
    }

    /// <summary>
    /// Follows what can change while it runs: the certificate in its files, where metrics are sent, and passwords and limits unless an instance file
    /// rules them.
    /// </summary>
    /// <exception cref="ConfigurationException">The certificate cannot be used; everything stays as it was.</exception>
    internal void Reload(ServerOptions options)
    {
        _tls?.Reload();
        _exports.Follow(options);
        _admin.State.WebPasswords = options.WebPasswords;
        if (options.InstanceFile is not null)
            return;
        _admin.State.Passwords = options.Passwords;
        _admin.State.Limits = options.Limits;
        _admin.State.AllowsEnqueue = options.AllowsEnqueue;
        _admin.Slot.Follow(options.Rules);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        _tls?.Dispose();
        await _exports.DisposeAsync();
        await _ui.DisposeAsync();
        await _app.DisposeAsync();
        Close(_admin);
    }

    static async Task<string?> OpenAsync(AdminContext admin)
    {
        try
        {
            await admin.Slot.OpenAsync();
            return null;
        }
        catch (StorageException e) when (admin.Options.AdminBinding is not null)
        {
            // Stays up for its operator, who sees the state and can restore. Nothing is repaired on its own.
            admin.State.Readiness = Readiness.NeedsRepair;
            return e.Message;
        }
    }

    static async Task<ServerHost> ListenAsync(AdminContext admin, ServerOptions options)
    {
        var listeners = new Listeners();
        var tls = CommandTls.Find(options.ConfigDirectory);
        var commands = Binding.Parse(options.CommandBinding);
        var transport = new LoopTransport(commands, resumesInLoop: tls is null, () => admin.State.Engine, sender => admin.State.Sender = sender, admin.State.Clock);
        var app = WebListener.Build(options, transport, kestrel =>
        {
            kestrel.Listen(commands, listen =>
            {
                listeners.Commands = listen;
                var port = new CommandPort(admin.State);
                listen.Use(next => connection => port.AdmitAsync(connection, next));
                tls?.Protect(listen);
                listen.Run(port.ServeAsync);
            });
            if (options.AdminBinding is { } binding)
            {
                kestrel.Listen(Binding.Parse(binding), listen =>
                {
                    listeners.Admin = listen;
                    listen.Protocols = HttpProtocols.Http1;
                });
            }
            if (options.WebBinding != ServerOptions.NoWebBinding)
            {
                var port = new WebPort();
                kestrel.Listen(Binding.Parse(options.WebBinding), listen =>
                {
                    listeners.Web = listen;
                    listen.Protocols = HttpProtocols.Http1;
                    listen.Use(next => connection => port.AdmitAsync(connection, next));
                    tls?.Protect(listen);
                });
            }
        });
        var ui = new WebUi(admin.State, () => admin.Folder.CurrentPath);
        app.Use(next => http => http.Features.Get<WebPort>() is null ? next(http) : ui.ServeAsync(http));
        AdminPort.Map(app, admin);
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException inUse)
        {
            await app.DisposeAsync();
            throw new AddressInUseException(e.Message.Replace("http://", "", StringComparison.Ordinal).Replace("https://", "", StringComparison.Ordinal), inUse);
        }
        catch (SocketException e)
        {
            await app.DisposeAsync();
            throw new ConfigurationException($"cannot listen: {e.Message}");
        }
        tls?.Watch(admin.State.Clock, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(CommandTls)));
        return new ServerHost(admin, app, ui, listeners, tls);
    }

    sealed class Listeners
    {
        internal ListenOptions? Commands;
        internal ListenOptions? Admin;
        internal ListenOptions? Web;
    }

    static void Close(AdminContext admin)
    {
        admin.Slot.Dispose();
        admin.Folder.Dispose();
        admin.Dispose();
    }
}
