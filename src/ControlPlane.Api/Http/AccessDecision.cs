using ControlPlane.Api.Resellers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace ControlPlane.Api.Http;

/// <summary>Compares what an endpoint asks for with who is calling, and words the refusal.</summary>
sealed class AccessDecision(CallerSlot slot, ResellerCalls resellers) : AuthorizationHandler<Access>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, Access requirement)
    {
        if (slot.Caller is { } caller && Refuse(caller, requirement) is null && (requirement.Kind != AccessKind.Reseller || await resellers.TryEnterAsync(caller, (context.Resource as HttpContext)?.RequestAborted ?? default)))
            context.Succeed(requirement);
    }

    internal static Problem? Refuse(Caller caller, Access access) => access switch
    {
        { Kind: AccessKind.Operator } when !caller.Person.IsOperator => Problems.OperatorOnly,
        { Role: { } role } when caller.Role < role =>
            Problems.RoleTooLow.Saying($"This needs the role {role.ToString().ToLowerInvariant()} or higher, and yours is {caller.Role.ToString().ToLowerInvariant()}. Ask an owner or admin of the organization."),
        { Scope: { } scope } when !caller.HasScope(scope) =>
            Problems.ScopeMissing.Saying($"This needs a token with the scope '{scope}'. Create one, or use another token."),
        _ => null,
    };
}

/// <summary>Answers a refused call with its reason.</summary>
sealed class AccessAnswer : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        // No call of ours: what follows answers that there is none (404), or none with this method or media type (405, 415).
        if (authorizeResult.Succeeded || context.GetEndpoint() is not RouteEndpoint)
            return next(context);
        var slot = context.RequestServices.GetRequiredService<CallerSlot>();
        if (slot.Caller is not { } caller)
            return context.ChallengeAsync(BearerAuthentication.SchemeName);
        var access = context.GetEndpoint()?.Metadata.GetMetadata<Access>();
        return ProblemAnswers.WriteAsync(context, (access is null ? null : AccessDecision.Refuse(caller, access)) ?? (access?.Kind == AccessKind.Reseller ? Problems.NotAReseller : Problems.Denied));
    }
}
