using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ControlPlane.Web.Account;

/// <summary>How people sign in: a cookie of ASP.NET Core Identity, and a lock after repeated wrong passwords.</summary>
static class PortalIdentity
{
    public const string SignInPath = "/sign-in";

    public static void AddPortalIdentity(this IServiceCollection services)
    {
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddAuthorization();
        services.AddIdentityCore<User>(options =>
        {
            options.User.RequireUniqueEmail = true;
            options.Password.RequiredLength = 10;
            options.Password.RequireDigit = options.Password.RequireLowercase = options.Password.RequireUppercase = options.Password.RequireNonAlphanumeric = false;
            options.Lockout.MaxFailedAccessAttempts = 10;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        }).AddEntityFrameworkStores<ControlPlaneDb>().AddSignInManager();
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromMinutes(1));
        services.AddScoped<PasswordSignIn>();

        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme).Configure<IOptions<PortalOptions>>((options, portal) =>
        {
            options.LoginPath = SignInPath;
            options.AccessDeniedPath = "/not-found";
            options.ReturnUrlParameter = "to";
            options.ExpireTimeSpan = TimeSpan.FromDays(14);
            options.SlidingExpiration = true;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            Name(options.Cookie, "faktory-session", portal.Value.IsSecure);
        });
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<PortalOptions>>((options, portal) =>
        {
            options.Cookie.SameSite = SameSiteMode.Strict;
            Name(options.Cookie, "faktory-forms", portal.Value.IsSecure);
        });
    }

    static void Name(CookieBuilder cookie, string name, bool isSecure)
    {
        cookie.Path = "/";
        cookie.SecurePolicy = isSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.Name = isSecure ? $"__Host-{name}" : name;
    }
}
