using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ControlPlane.Client;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace ControlPlane.Web.Live;

/// <summary>
/// Keeps one open page current over server-sent events: asks the Api at an interval, renders the page's own components, and sends
/// what differs from what was sent. Events: fragment {name, html}, refresh, offline, online.
/// </summary>
sealed class LiveStream(HtmlRenderer renderer, ControlPlaneClient api, TimeProvider clock)
{
    // The browser connects again by itself, and its session is looked at anew.
    static readonly TimeSpan LastsFor = TimeSpan.FromMinutes(10);

    /// <param name="next">What to show.</param>
    /// <param name="every">How often it is asked.</param>
    /// <param name="shape">The one the page was rendered in; null when that is the first frame's.</param>
    /// <param name="cancel">The page was left.</param>
    public async IAsyncEnumerable<SseItem<string>> RunAsync(NextFrame next, TimeSpan every, string? shape, [EnumeratorCancellation] CancellationToken cancel)
    {
        var sent = new Dictionary<string, string>();
        var isOnline = true;
        var endsAt = clock.GetUtcNow() + LastsFor;
        using var timer = new PeriodicTimer(every, clock);
        do
        {
            var frame = await TryNextAsync(next, cancel);
            if (frame is not null != isOnline)
            {
                isOnline = frame is not null;
                yield return new SseItem<string>("", isOnline ? "online" : "offline");
            }
            if (frame is not { } current)
                continue;
            if (shape is not null && shape != current.Shape)
            {
                yield return new SseItem<string>("", "refresh");
                yield break;
            }
            shape = current.Shape;
            foreach (var fragment in current.Fragments)
            {
                var html = await RenderAsync(fragment);
                if (sent.TryGetValue(fragment.Name, out var before) && before == html)
                    continue;
                sent[fragment.Name] = html;
                yield return new SseItem<string>(JsonSerializer.Serialize(new { name = fragment.Name, html }), "fragment");
            }
        }
        while (clock.GetUtcNow() < endsAt && await TickAsync(timer, cancel));
    }

    static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken cancel)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return false; // The page was left, or the portal stops.
        }
    }

    async Task<LiveFrame?> TryNextAsync(NextFrame next, CancellationToken cancel)
    {
        try
        {
            return await next(api, cancel);
        }
        catch (ControlPlaneException)
        {
            return null; // The page says that it is not current; the next round asks again.
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    Task<string> RenderAsync(LiveFragment fragment) => renderer.Dispatcher.InvokeAsync(async () =>
        (await renderer.RenderComponentAsync(fragment.Component, ParameterView.FromDictionary(fragment.Parameters))).ToHtmlString());
}
