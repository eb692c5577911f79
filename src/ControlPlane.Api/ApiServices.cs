using System.Net;
using System.Text.Json.Serialization;
using ControlPlane.Api.Dialects;
using ControlPlane.Api.Features.Brands;
using ControlPlane.Api.Features.Integrations;
using ControlPlane.Api.Http;
using ControlPlane.Api.OpenApi;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Stripe.Transfers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Documents;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger.Rounds;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Outbound;
using ControlPlane.Core.Resellers.Webhooks;
using ControlPlane.Core.Secrets;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;

namespace ControlPlane.Api;

/// <summary>What the Api is made of.</summary>
static class ApiServices
{
    internal static void AddApi(this WebApplicationBuilder builder, TimeProvider clock)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddSingleton(clock);
        services.Configure<ApiOptions>(configuration.GetSection("Api"));
        services.Configure<InstanceOptions>(configuration.GetSection("Instances"));
        services.Configure<RateLimitOptions>(configuration.GetSection("RateLimits"));

        services.AddControlPlaneDatabase(configuration);
        services.AddKeyRing(configuration);
        services.AddOperationWaiting();
        services.AddAccounts();
        services.AddCallers();
        services.AddScoped<InstanceAdmission>();
        services.AddScoped<PlanPurchase>();
        services.AddScoped<ProviderPages>();
        services.AddScoped<MoneyChange>();
        services.AddScoped<CustomerReading>();
        services.AddScoped<InvoiceReading>();
        services.AddResellers();
        services.AddScoped<Integrating>();
        services.Configure<OutboundOptions>(configuration.GetSection("Outbound"));
        services.AddDialects(configuration);
        services.Configure<WebhookOptions>(configuration.GetSection("Webhooks"));
        services.AddSingleton<IDomainProof>(_ => DnsProof.OfThisMachine());
        services.Configure<SellerOptions>(configuration.GetSection("Billing"));
        services.AddBillingRounds(configuration);
        services.Configure<RefundOptions>(configuration.GetSection("Billing:Refunds"));
        services.AddLedgerRounds(configuration);
        services.AddDocuments(configuration);
        services.AddStripeTransfers(configuration);
        services.AddInbox(configuration);
        builder.AddHttp();
    }

    static void AddAccounts(this IServiceCollection services)
    {
        services.AddIdentityCore<User>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = ""; // Any: the name is the e-mail address.
                options.Password = new PasswordOptions { RequiredLength = 10, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false, RequiredUniqueChars = 1 };
            })
            .AddEntityFrameworkStores<ControlPlaneDb>()
            .AddPasswordValidator<CommonPasswords>()
            .AddTokenProvider<DataProtectorTokenProvider<User>>(TokenOptions.DefaultProvider);
        services.Configure<DataProtectionTokenProviderOptions>(options => options.TokenLifespan = TimeSpan.FromHours(1));
        services.AddScoped<NewAccount>();
    }

    static void AddCallers(this IServiceCollection services)
    {
        services.AddSingleton<CallerLookup>();
        services.AddScoped<CallerSlot>();
        services.AddScoped(provider => provider.GetRequiredService<CallerSlot>().Caller ?? throw new InvalidOperationException("This call is open to callers that are not known."));
        services.AddAuthentication(BearerAuthentication.SchemeName).AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, null);
        // An endpoint that does not say who may call it is closed.
        services.AddAuthorization(options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
        services.AddScoped<IAuthorizationHandler, AccessDecision>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessAnswer>();
        services.AddSingleton<RequestLimits>();
        services.AddSingleton<WaitingRequests>();
        services.AddScoped<OperationWait>();
        services.AddScoped<IdempotentAnswers>();
        services.AddHostedService<ForgottenAnswers>();
    }

    static void AddHttp(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBodies.BytesMax;
        });
        services.ConfigureHttpJsonOptions(options =>
        {
            Json.Configure(options.SerializerOptions);
            // A field that we do not know is more often a slip than meant: {"plna": "pro"} must not make a free instance.
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        });
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<IProblemDetailsWriter, FrameworkProblems>();
        services.AddProblemDetails();
        services.AddExceptionHandler(options =>
        {
            options.StatusCodeSelector = FrameworkProblems.StatusOf;
            options.SuppressDiagnosticsCallback = FrameworkProblems.IsRefusal;
        });
        services.AddValidation();
        services.AddOpenApi(ApiDescription.DocumentName, ApiDescription.Configure);
        services.Configure<ForwardedHeadersOptions>(options => Trust(options, builder.Configuration.GetSection("Api:TrustedProxies").Get<string[]>() ?? []));
    }

    static void Trust(ForwardedHeadersOptions options, string[] proxies)
    {
        options.ForwardedHeaders = proxies is [] ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (proxy.Contains('/'))
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            else
                options.KnownProxies.Add(IPAddress.Parse(proxy));
        }
    }
}
