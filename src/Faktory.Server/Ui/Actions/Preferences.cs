using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Actions;

/// <summary>POST /preferences: the language and the theme, kept in cookies of this browser.</summary>
static class Preferences
{
    internal static async Task HandleAsync(UiCall ui)
    {
        var form = await ui.FormAsync();
        if (Locales.Tags.Contains(form["locale"].ToString()))
            Keep(ui, Locales.Cookie, form["locale"].ToString());
        if (form["theme"].ToString() is "dark" or "light" or "")
            Keep(ui, UiCall.ThemeCookie, form["theme"].ToString());
        await ui.Redirect(Back(ui, form["back"].ToString()));
    }

    /// <summary>A place within this UI. Another one counts as the first page: <c>//host</c> would lead away.</summary>
    internal static Url Back(UiCall ui, string back) =>
        back is ['/', not ('/' or '\\'), ..] && back.All(c => c is > ' ' and <= '~') ? new Url(ui.Mount + back) : ui.To($"/");

    static void Keep(UiCall ui, string name, string value) => ui.Http.Response.Cookies.Append(name, value, new CookieOptions
    {
        Path = ui.Mount.Length == 0 ? "/" : ui.Mount,
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        MaxAge = TimeSpan.FromDays(365),
    });
}
