using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Admin;

/// <summary>A refusal as <c>application/problem+json</c>: a stable code to act on, and a sentence to read.</summary>
sealed record Problem(string Title, int Status, string Code, string? Detail = null)
{
    internal Task WriteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        return http.Response.WriteAsJsonAsync(this, AdminJson.Default.Problem, "application/problem+json", http.RequestAborted);
    }
}
