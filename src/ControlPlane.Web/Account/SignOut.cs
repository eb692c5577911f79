using ControlPlane.Core.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace ControlPlane.Web.Account;

/// <summary>POST /sign-out</summary>
static class SignOut
{
    public static void MapSignOut(this IEndpointRouteBuilder routes) => routes.MapPost("/sign-out", Handle);

    // The form binding makes the antiforgery middleware check the request.
    static async Task<IResult> Handle([FromForm(Name = "__RequestVerificationToken")] string? token, SignInManager<User> signIn)
    {
        await signIn.SignOutAsync();
        return Results.LocalRedirect("~/");
    }
}
