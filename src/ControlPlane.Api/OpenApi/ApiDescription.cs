using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Http;
using ControlPlane.Client;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ControlPlane.Api.OpenApi;

/// <summary>
/// The OpenAPI 3.1 description, made from what the endpoints say of themselves: who may call, what is refused, what an example looks
/// like. It depends on nothing else, so that the file in the repository is the same wherever it is made.
/// </summary>
static class ApiDescription
{
    internal const string DocumentName = "v1";
    const string SecurityScheme = "bearer";

    internal static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) => DescribeAsync(document));
        options.AddOperationTransformer((operation, context, _) => DescribeAsync(operation, context));
        options.AddSchemaTransformer((schema, _, _) => OpenAsync(schema));
    }

    static Task DescribeAsync(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Faktory Cloud",
            Version = DocumentName,
            Description =
                "Hosted Faktory servers: sign up, create an instance, get a FAKTORY_URL.\n\n" +
                "Every refusal is `application/problem+json` with a stable `code` and a `trace_id`. A POST takes an `Idempotency-Key`; a call that starts an operation " +
                "takes `Prefer: wait=N`. Answers carry `RateLimit` and `RateLimit-Policy`. Lists take `cursor` and `limit`.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [SecurityScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "fct_…", Description = "A token of your organization: sign-up gives the first one." },
        };
        return Task.CompletedTask;
    }

    static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var access = metadata.OfType<Access>().Single();
        operation.Security = access.Kind == AccessKind.Public
            ? []
            : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SecurityScheme, context.Document)] = [] }];
        operation.Description = string.Join("\n\n", new[] { operation.Description, Say(access) }.Where(text => !string.IsNullOrEmpty(text)));
        // What a provider sends has an id of its own, and it sends no header of ours.
        if (!metadata.OfType<ProviderCall>().Any())
            operation.Parameters = [.. operation.Parameters ?? [], .. Headers(operation, context.Description.HttpMethod, access)];
        AddRefusals(operation, [.. metadata.OfType<Refusals>().SelectMany(r => r.Problems), .. OfEveryCall(context.Description.HttpMethod, access)], context.Document!);
        if (metadata.OfType<Example>().SingleOrDefault() is { } example && operation.RequestBody?.Content?.TryGetValue("application/json", out var body) == true)
            body.Example = JsonSerializer.SerializeToNode(example.Request, example.Request.GetType(), Json.Options);
        return Task.CompletedTask;
    }

    static string Say(Access access) => access switch
    {
        { Kind: AccessKind.Public } => "Needs no token.",
        { Kind: AccessKind.Operator } => $"For the operator of the service; a token needs the scope `{access.Scope}`.",
        _ => $"Needs the role `{access.Role.ToString()!.ToLowerInvariant()}` or higher; a token needs the scope `{access.Scope}`.",
    };

    static IEnumerable<OpenApiParameter> Headers(OpenApiOperation operation, string? method, Access access)
    {
        if (access.Kind == AccessKind.Member)
            yield return Header(BearerAuthentication.OrganizationHeader, "Which of your organizations to act for; only needed by sessions of the portal.");
        if (method == HttpMethods.Post)
            yield return Header(IdempotencyKey.HeaderName, "1 to 255 characters of your choice. The same request with the same key is done once and gets the same answer for seven days.");
        if (operation.Responses?.ContainsKey("202") == true)
            yield return Header("Prefer", "`wait=N`: hold the answer until the operation has finished, 0 to 60 seconds.");
    }

    static OpenApiParameter Header(string name, string description) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    static IEnumerable<Problem> OfEveryCall(string? method, Access access)
    {
        if (access.Kind != AccessKind.Public)
        {
            yield return Problems.Unauthenticated;
            yield return Problems.TokenInvalid;
            yield return access.Kind == AccessKind.Operator ? Problems.OperatorOnly : Problems.RoleTooLow;
            yield return Problems.ScopeMissing;
        }
        if (method == HttpMethods.Post)
        {
            yield return Problems.IdempotencyInProgress;
            yield return Problems.IdempotencyKeyReused;
        }
        if (method != HttpMethods.Get && method != HttpMethods.Delete)
            yield return Problems.ValidationFailed;
        foreach (var problem in Problems.Everywhere)
            yield return problem;
    }

    /// <summary>One answer for each status, with an example for each code.</summary>
    static void AddRefusals(OpenApiOperation operation, IReadOnlyList<Problem> problems, OpenApiDocument document)
    {
        foreach (var status in problems.GroupBy(problem => problem.Status).OrderBy(group => group.Key))
        {
            operation.Responses![status.Key.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(", ", status.Select(problem => $"`{problem.Code}`").Distinct()),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemAnswers.ContentType] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchemaReference(nameof(ProblemResource), document),
                        Examples = status.DistinctBy(problem => problem.Code).ToDictionary(problem => problem.Code, IOpenApiExample (problem) => Refer(problem, document)),
                    },
                },
            };
        }
    }

    /// <summary>Written once for all the calls that refuse so.</summary>
    static OpenApiExampleReference Refer(Problem problem, OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Examples ??= new SortedDictionary<string, IOpenApiExample>(StringComparer.Ordinal);
        document.Components.Examples.TryAdd(problem.Code, new OpenApiExample { Value = ToNode(problem) });
        return new OpenApiExampleReference(problem.Code, document);
    }

    static JsonNode? ToNode(Problem problem) => JsonSerializer.SerializeToNode(ProblemAnswers.ToResource(problem, "4bf92f3577b34da6a3ce929d0e0e4736"), Json.Options);

    /// <summary>We refuse unknown fields in requests, but answers grow: a client that refused them would break.</summary>
    static Task OpenAsync(OpenApiSchema schema)
    {
        schema.AdditionalPropertiesAllowed = true;
        return Task.CompletedTask;
    }
}

/// <summary>What a request may look like.</summary>
sealed record Example(object Request);
