using System.Net.Http.Headers;
using System.Security.Claims;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Web.Account;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ControlPlane.Web.Http;

/// <summary>
/// Puts a fresh ticket of the signed-in person on each call to the Api, a visitor's call goes without; and says whose browser asks, for
/// limits and the audit log.
/// </summary>
sealed class ApiTicketHandler(IHttpContextAccessor accessor, IDataProtectionProvider keys, IOptions<IdentityOptions> identity, TimeProvider clock) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var person = accessor.HttpContext?.User;
        if (person?.FindFirstValue(identity.Value.ClaimsIdentity.UserIdClaimType) is { } id
            && person.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType) is { } stamp)
        {
            var ticket = PortalTicket.Seal(keys, new UserId(Guid.Parse(id)), stamp, ChosenOrganization.Of(accessor.HttpContext), clock);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ticket);
        }
        if (accessor.HttpContext?.Connection.RemoteIpAddress is { } address)
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", address.ToString());
        return base.SendAsync(request, cancellationToken);
    }
}
