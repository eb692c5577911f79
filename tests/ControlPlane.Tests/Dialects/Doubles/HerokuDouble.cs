using System.Text.RegularExpressions;

namespace ControlPlane.Tests.Dialects.Doubles;

/// <summary>id.heroku.com and api.heroku.com as the Add-on Partner API's manual has them: a code is traded once, and what comes after needs the token.</summary>
sealed partial class HerokuDouble : PlatformDouble
{
    internal const string Code = "a-code";
    int trades;

    /// <summary>Of the tokens that it gives next.</summary>
    internal TimeSpan TokensLiveFor { get; set; } = TimeSpan.FromHours(8);

    protected override (int Status, object? Body) Answer(Heard request)
    {
        if (request.Call == "POST /oauth/token")
            return Trade(request);
        if (request.Authorization != $"Bearer an-access-token-{trades}")
            return (401, "Bad token.");
        if (!request.Headers.Accept.ToString().StartsWith("application/vnd.heroku+json", StringComparison.Ordinal))
            return (406, "Bad version.");
        if (Config().IsMatch(request.Call))
            return request.Json["config"] is System.Text.Json.Nodes.JsonArray { Count: > 0 } config && config.All(c => c!["name"] is not null && c["value"] is not null) ? (200, new { }) : (422, "Bad config.");
        if (Webhooks().IsMatch(request.Call))
            return request.Json["include"] is System.Text.Json.Nodes.JsonArray { Count: > 0 } && request.Json.Text("level") is "sync" or "notify" && request.Json.Text("secret").Length >= 32 && request.Json.Text("url").Length > 0 ? (201, new { id = "hook-1" }) : (422, "Bad webhook.");
        return Action().IsMatch(request.Call) ? (200, new { }) : (404, "No such call.");
    }

    (int Status, object? Body) Trade(Heard request)
    {
        if (request.Json["client_secret"]?.GetValue<string>() != DialectWorld.ClientSecret)
            return (401, "Bad client.");
        var isGood = request.Json["grant_type"]?.GetValue<string>() switch
        {
            "authorization_code" => trades == 0 && request.Json["code"]?.GetValue<string>() == Code,
            "refresh_token" => trades > 0 && request.Json["refresh_token"]?.GetValue<string>() == "a-refresh-token",
            _ => false,
        };
        if (!isGood)
            return (400, "Bad code.");
        trades++;
        return (200, new { access_token = $"an-access-token-{trades}", refresh_token = "a-refresh-token", expires_in = (int)TokensLiveFor.TotalSeconds, token_type = "Bearer" });
    }

    [GeneratedRegex("^PATCH /addons/[0-9a-f-]{36}/config$")]
    private static partial Regex Config();

    [GeneratedRegex("^POST /addons/[0-9a-f-]{36}/webhooks$")]
    private static partial Regex Webhooks();

    [GeneratedRegex("^POST /addons/[0-9a-f-]{36}/actions/(de)?provision$")]
    private static partial Regex Action();
}

/// <summary>api.digitalocean.com for add-ons.</summary>
sealed partial class DigitalOceanDouble : PlatformDouble
{
    protected override (int Status, object? Body) Answer(Heard request)
    {
        if (request.Call == "POST /v2/add-ons/oauth/token")
            return request.Json["client_secret"]?.GetValue<string>() == DialectWorld.ClientSecret ? (200, new { access_token = "an-access-token", refresh_token = "r", expires_in = 3600 }) : (401, "Bad client.");
        if (!Config().IsMatch(request.Call))
            return (404, "No such call.");
        return request.Authorization != "Bearer an-access-token" ? (401, "Bad token.") : request.Json["config"] is System.Text.Json.Nodes.JsonObject { Count: > 0 } ? (200, new { }) : (422, "Bad config.");
    }

    [GeneratedRegex("^PATCH /v2/add-ons/resources/[0-9a-f-]{36}/config$")]
    private static partial Regex Config();
}

/// <summary>api.clever-cloud.com for providers of add-ons.</summary>
sealed class CleverCloudDouble : PlatformDouble
{
    protected override (int Status, object? Body) Answer(Heard request)
    {
        if (request.Authorization != DialectWorld.Basic(DialectWorld.Key, DialectWorld.Password).ToString())
            return (401, "Bad password.");
        return request.Method == "PUT" && request.Path.StartsWith("/v2/vendor/apps/addon_", StringComparison.Ordinal) && request.Json["config"] is System.Text.Json.Nodes.JsonObject { Count: > 0 } ? (200, new { }) : (404, "No such call.");
    }
}
