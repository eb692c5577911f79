using ControlPlane.Client;
using ControlPlane.Web.Http;

namespace ControlPlane.Web.Account;

/// <summary>Who looks at the page, asked once a request whoever needs it. Scoped.</summary>
sealed class Session(ControlPlaneClient api)
{
    Task<Reply<MeResponse>>? me;
    Task<IReadOnlyList<AlertResource>>? alerts;

    public Task<Reply<MeResponse>> MeAsync() => me ??= api.GetMeAsync().AsReply();

    /// <summary>The alerts that are not resolved; none when the Api does not say.</summary>
    public Task<IReadOnlyList<AlertResource>> OpenAlertsAsync() => alerts ??= LoadAlertsAsync();

    async Task<IReadOnlyList<AlertResource>> LoadAlertsAsync()
    {
        var page = await api.ListAlertsAsync().AsReply();
        return page.Value is null ? [] : [.. page.Value.Items.Where(alert => alert.ResolvedAt is null)];
    }
}
