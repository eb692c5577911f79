using Faktory.Server.Connections;
using Faktory.Server.Engine;
using Faktory.Server.Ui.Access;
using Faktory.Server.Ui.Actions;
using Faktory.Server.Ui.Brands;
using Faktory.Server.Ui.Lists;
using Faktory.Server.Ui.Pages;
using Faktory.Server.Ui.Words;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui;

/// <summary>The web UI: pages for people, made on this server, and the two JSON documents that the original serves beside them.</summary>
/// <param name="state">Of the server it shows.</param>
/// <param name="dataPath">Where the jobs are at the moment.</param>
sealed class WebUi(ServerState state, Func<string> dataPath) : IAsyncDisposable
{
    internal ServerState State => state;

    internal Func<string> DataPath => dataPath;

    internal Outcomes Outcomes { get; } = new();

    internal async Task ServeAsync(HttpContext http)
    {
        SecurityHeaders.Add(http.Response.Headers);
        var ui = new UiCall(http, this);
        try
        {
            await AnswerAsync(ui);
        }
        catch (EngineStoppedException) when (!http.Response.HasStarted)
        {
            await WriteAsync(http, StatusCodes.Status503ServiceUnavailable, ui.Locale[Phrase.NotServing]);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await WriteAsync(http, e.StatusCode, e.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
    }

    /// <summary>Actions that are under way end at their next step.</summary>
    public async ValueTask DisposeAsync() => await Outcomes.StopAsync();

    async Task AnswerAsync(UiCall ui)
    {
        var http = ui.Http;
        var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (isRead && Assets.Serve(http, ui.Path) is { } served)
            await served;
        else if (isRead && Brand.Serve(ui.Brand, http, ui.Path) is { } branded)
            await branded;
        else if (isRead && ui.Path == "/health")
            await StatsCalls.WriteHealthAsync(ui);
        else if (await WebPassword.RefuseAsync(http, state) is { } refusal)
            await WriteAsync(http, refusal.Status, refusal.Text);
        else if (CrossOrigin.IsForged(http.Request))
            await WriteAsync(http, StatusCodes.Status403Forbidden, "cross-origin request refused");
        else if (isRead)
            await ShowAsync(ui, ui.Path.Split('/'));
        else if (HttpMethods.IsPost(http.Request.Method))
            await ActAsync(ui, ui.Path.Split('/'));
        else
            await WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "method not allowed");
    }

    static Task ShowAsync(UiCall ui, string[] path) => path switch
    {
        [""] => DashboardPage.ShowAsync(ui),
        ["", "busy"] => BusyPage.ShowAsync(ui),
        ["", "busy", "jobs"] => JobPage.ShowRunningAsync(ui, ui.Query("jid")),
        ["", "queues"] => QueuesPage.ShowAsync(ui),
        ["", "queues", var name] => JobListPage.ShowAsync(ui, new QueueList(name)),
        ["", "queues", var name, var key] => JobPage.ShowAsync(ui, new QueueList(name), key),
        ["", "enqueue"] => EnqueuePage.ShowAsync(ui),
        ["", "cron"] => CronPage.ShowAsync(ui),
        ["", "batches"] => BatchesPage.ShowAsync(ui),
        ["", "throttles"] => ThrottlesPage.ShowAsync(ui),
        ["", "debug"] => DebugPage.ShowAsync(ui),
        ["", "stats"] => StatsCalls.WriteStatsAsync(ui),
        ["", var set] when SetOf(set) is { } list => JobListPage.ShowAsync(ui, list),
        ["", var set, var key] when SetOf(set) is { } list => JobPage.ShowAsync(ui, list, key),
        _ => ui.RefuseAsync(StatusCodes.Status404NotFound, Phrase.NoSuchPage),
    };

    static Task ActAsync(UiCall ui, string[] path) => path switch
    {
        ["", "busy"] => WorkerActions.HandleAsync(ui),
        ["", "queues", var name] => QueueActions.HandleAsync(ui, name),
        ["", "cron"] => CronActions.HandleAsync(ui),
        ["", "enqueue"] => EnqueueAction.HandleAsync(ui),
        ["", "cancel"] => CancelAction.HandleAsync(ui),
        ["", "preferences"] => Preferences.HandleAsync(ui),
        ["", "outcomes", var id, "stop"] => StopAction.HandleAsync(ui, id),
        ["", var set] when SetOf(set) is { } list => JobActions.HandleAsync(ui, list),
        _ => ui.RefuseAsync(StatusCodes.Status404NotFound, Phrase.NoSuchPage),
    };

    static SetList? SetOf(string path) => path switch
    {
        "retries" => SetList.Retries,
        "scheduled" => SetList.Scheduled,
        "morgue" => SetList.Dead,
        _ => null,
    };

    static Task WriteAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }
}
