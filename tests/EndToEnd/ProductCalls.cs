using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EndToEnd;

/// <summary>What a journey needs and is not about, by the API.</summary>
static class ProductCalls
{
    /// <summary>Signs somebody up, and makes them the operator by the one-time link.</summary>
    /// <returns>The API as the operator calls it, and the account.</returns>
    internal static async Task<(HttpClient Api, JsonElement Account)> BecomeOperatorAsync(this Product product, string email)
    {
        var api = new HttpClient { BaseAddress = product.Api };
        var account = await api.CallAsync("v1/signup", new { email, password = Visitor.Password, organization = "Operator" });
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", account.GetProperty("token").GetString());
        var token = System.Web.HttpUtility.ParseQueryString(product.OperatorLink.Query)["token"];
        await api.CallAsync("v1/operator/claim", new { token, email, password = Visitor.Password });
        return (api, account);
    }

    internal static async Task<JsonElement> CallAsync(this HttpClient api, string path, object body)
    {
        using var response = await api.PostAsJsonAsync(path, body);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    internal static string OrganizationId(this JsonElement account) => account.GetProperty("organization").GetProperty("id").GetString()!;

    /// <summary>Checks pages where it is darkest and where it is narrowest; the journey itself goes through many in the light.</summary>
    /// <param name="name">Of a page's picture, by its path.</param>
    internal static async Task LookAroundAsync(this Browsers browsers, Product product, string email, string[] pages, Func<string, string> name)
    {
        foreach (var look in (Look[])[Look.Dark, Look.Phone])
        {
            await using var window = await browsers.OpenAsync(look, product.Portal);
            await window.Page.SignInAsync(email);
            foreach (var path in pages)
            {
                await window.Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
                await window.CheckAsync(name(path));
            }
            window.Errors.ShouldBeEmpty();
        }
    }
}
