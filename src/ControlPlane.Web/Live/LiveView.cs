using ControlPlane.Client;

namespace ControlPlane.Web.Live;

/// <summary>What a live page shows at one moment.</summary>
/// <param name="Shape">While it stays the same, replacing fragments is enough; when it changes, the whole page is asked for anew.</param>
readonly record struct LiveFrame(string Shape, IReadOnlyList<LiveFragment> Fragments);

/// <summary>A part of a page: the element marked <c>data-live="Name"</c> holds the rendered component.</summary>
readonly record struct LiveFragment(string Name, Type Component, Dictionary<string, object?> Parameters)
{
    public static LiveFragment Of<TComponent>(string name, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var given = new Dictionary<string, object?>();
        foreach (var (parameter, value) in parameters)
            given[parameter] = value;
        return new(name, typeof(TComponent), given);
    }
}

/// <summary>Asks the Api for the next frame. Throws <see cref="ControlPlaneException"/>.</summary>
delegate Task<LiveFrame> NextFrame(ControlPlaneClient api, CancellationToken cancel);
