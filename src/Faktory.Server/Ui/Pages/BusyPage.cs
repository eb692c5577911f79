using Faktory.Server.Ui.Lists;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;
using Faktory.Server.Workers;

namespace Faktory.Server.Ui.Pages;

/// <summary>GET /busy: the worker processes, which can be told to finish, and the jobs at work.</summary>
static class BusyPage
{
    internal static async Task ShowAsync(UiCall ui)
    {
        var busy = await ui.Engine.CallAsync(BusyView.Take);
        await ui.ShowAsync(ui.Locale[Phrase.Busy], "/busy", html =>
        {
            html.Add($"""<h1>{Phrase.Busy}</h1><section aria-labelledby="processes"><div class="bar"><h2 id="processes">{Phrase.Processes} <span class="count">{busy.ProcessCount}</span></h2>""");
            if (busy.ProcessCount > 0)
                Signals(html, ui, "all", html.Locale[Phrase.AllProcesses], WorkerState.Running);
            html.Add($"""</div>""");
            if (busy.ProcessCount == 0)
                html.Add($"""<p class="empty">{Phrase.NoProcesses}</p>""");
            else
                Processes(html, ui, busy);
            html.Add($"""</section><section aria-labelledby="running"><h2 id="running">{Phrase.RunningJobs} <span class="count">{busy.RunningCount}</span></h2>""");
            if (busy.RunningCount > busy.Running.Count)
                html.Add($"""<p class="note">{html.Locale.Say(Phrase.LongestRunning, busy.Running.Count)}</p>""");
            if (busy.RunningCount == 0)
                html.Add($"""<p class="empty">{Phrase.NothingRunning}</p>""");
            else
                Running(html, ui, busy);
            html.Add($"""</section>""");
        });
    }

    static void Processes(Html html, UiCall ui, BusyView busy)
    {
        html.Add($"""<div class="wide" tabindex="0"><table><thead><tr><th scope="col">{Phrase.Process}</th><th scope="col">{Phrase.Host}</th><th scope="col">{Phrase.Labels}</th><th scope="col">{Phrase.Started}</th><th scope="col" class="number">{Phrase.Connections}</th><th scope="col" class="number">{Phrase.Memory}</th><th scope="col" class="number">{Phrase.Busy}</th><th scope="col">{Phrase.State}</th><th scope="col">{Phrase.Actions}</th></tr></thead><tbody>""");
        foreach (var process in busy.Processes)
        {
            html.Add($"""<tr><th scope="row" class="data"><code>{process.Wid}</code></th><td class="data">{process.Hostname}:{Invariant(process.ProcessId)}</td><td class="data">""");
            foreach (var label in process.Labels)
                html.Add($"""<span class="badge">{label}</span> """);
            html.Add($"""</td><td class="when">{new Moment(process.StartedAt)}</td><td class="number">{process.Connections}</td><td class="number">{new ByteSize(process.RssKilobytes * 1024)}</td><td class="number">{process.Busy}</td><td>""");
            if (process.State != WorkerState.Running)
                html.Add($"""<span class="badge warn">{(process.State == WorkerState.Quiet ? Phrase.Quiet : Phrase.Stopping)}</span>""");
            html.Add($"""</td><td class="actions">""");
            Signals(html, ui, process.Wid, process.Wid, process.State);
            html.Add($"""</td></tr>""");
        }
        html.Add($"""</tbody></table></div>""");
    }

    static void Signals(Html html, UiCall ui, string wid, string name, WorkerState state)
    {
        if (state == WorkerState.Terminate)
            return;
        html.Add($"""<form method="post" action="{ui.To($"/busy")}"><input type="hidden" name="wid" value="{wid}">""");
        if (state == WorkerState.Running)
            html.Add($"""<button name="signal" value="quiet" aria-label="{Phrase.MakeQuiet} {name}" title="{Phrase.QuietMeans}">{Phrase.MakeQuiet}</button> """);
        html.Add($"""<button class="danger" name="signal" value="terminate" aria-label="{Phrase.Stop} {name}" title="{Phrase.StopMeans}">{Phrase.Stop}</button></form>""");
    }

    static void Running(Html html, UiCall ui, BusyView busy)
    {
        html.Add($"""<div class="wide" tabindex="0"><table class="jobs"><thead><tr><th scope="col">{Phrase.Started}</th><th scope="col">{Phrase.JobType}</th><th scope="col">{Phrase.JobId}</th><th scope="col">{Phrase.Queue}</th><th scope="col">{Phrase.Process}</th><th scope="col">{Phrase.Progress}</th><th scope="col">{Phrase.Arguments}</th>""");
        if (busy.IsCancellable)
            html.Add($"""<th scope="col">{Phrase.Actions}</th>""");
        html.Add($"""</tr></thead><tbody>""");
        foreach (var running in busy.Running)
        {
            var job = JobView.Read(running.Record);
            html.Add($"""<tr><td class="when">{new Moment(running.ReservedAt)}</td><td class="data"><b title="{job.Type}">{job.ShownType}</b></td><td class="data"><a href="{ui.To($"/busy/jobs?jid={running.Jid}")}"><code>{running.Jid}</code></a></td><td class="data">{job.Queue}</td><td class="data"><code>{running.Wid}</code></td><td>""");
            if (running.Progress is { Percent: { } percent })
                html.Add($"""<progress max="100" value="{(long)percent}" aria-label="{Phrase.Progress} {running.Jid}"></progress> {(long)percent} %""");
            if (running.Progress is { Description.Length: > 0 } told)
                html.Add($""" {told.Description}""");
            html.Add($"""</td><td class="args"><code>{job.ArgsPreview}</code></td>""");
            if (busy.IsCancellable)
            {
                html.Add($"""<td class="actions">""");
                CancelButton.Write(html, ui, running.Jid, Phrase.ConfirmCancelRunning, "/busy");
                html.Add($"""</td>""");
            }
            html.Add($"""</tr>""");
        }
        html.Add($"""</tbody></table></div>""");
    }

    static string Invariant(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
