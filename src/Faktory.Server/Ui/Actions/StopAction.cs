namespace Faktory.Server.Ui.Actions;

/// <summary>POST /outcomes/ID/stop: an action on a whole list ends at its next step; what is done stays done.</summary>
static class StopAction
{
    internal static async Task HandleAsync(UiCall ui, string id)
    {
        var form = await ui.FormAsync();
        ui.Site.Outcomes.Find(id)?.Stop();
        await ui.Redirect(Preferences.Back(ui, form["back"].ToString()));
    }
}
