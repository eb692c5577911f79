using System.Net.Http.Json;
using ControlPlane.Client;
using ControlPlane.Core.Ids;

namespace ControlPlane.Tests.Api;

/// <summary>Somebody who signed up, with the typed client and the bare one.</summary>
sealed class Customer(ApiServer server, SignUpResponse account, string bearer)
{
    internal const string Password = "a few plain words";

    internal SignUpResponse Account { get; } = account;
    internal HttpClient Http { get; } = server.ClientFor(bearer);
    internal ControlPlaneClient Client => new(Http);

    internal OrganizationId Organization => OrganizationId.TryParse(Account.Organization.Id, out var id) ? id : throw new InvalidOperationException();
    internal UserId User => UserId.TryParse(Account.User.Id, out var id) ? id : throw new InvalidOperationException();

    internal async Task<HttpResponseMessage> PostAsync(string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json.Options) };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await Http.SendAsync(request);
    }
}

static class Answers
{
    internal static async Task<T> ReadAsync<T>(this HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<T>(Json.Options))!;

    /// <summary>The refusal that a call met.</summary>
    internal static async Task<ProblemResource> ShouldBeRefusedAsync(this Task call, string code)
    {
        var problem = (await call.ShouldThrowAsync<ControlPlaneException>()).Problem;
        problem.Code.ShouldBe(code);
        problem.Detail.ShouldNotBeNullOrWhiteSpace();
        problem.TraceId.ShouldNotBeNullOrWhiteSpace();
        return problem;
    }

    internal static async Task<ProblemResource> ShouldBeRefusedAsync(this HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = await response.ReadAsync<ProblemResource>();
        problem.Code.ShouldBe(code);
        problem.Detail.ShouldNotBeNullOrWhiteSpace();
        problem.TraceId.ShouldNotBeNullOrWhiteSpace();
        return problem;
    }
}
