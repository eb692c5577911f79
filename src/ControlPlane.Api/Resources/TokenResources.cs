using ControlPlane.Client;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Resources;

static class TokenResources
{
    internal static TokenResource ToResource(this ApiToken token) =>
        new(token.Id.ToString(), token.Name, token.Prefix, token.Scopes, token.CreatedAt, token.ExpiresAt, token.LastUsedAt, token.RevokedAt);
}
