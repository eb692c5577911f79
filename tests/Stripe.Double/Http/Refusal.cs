using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Http;

/// <summary>What Stripe answers when it does not do what was asked: the error object and its HTTP status.</summary>
sealed class Refusal(int status, string type, string? code, string message, string? param = null, string? declineCode = null) : Exception(message)
{
    internal int Status => status;

    internal string? Code => code;

    internal string? DeclineCode => declineCode;

    /// <summary>Further keys of the error, such as the payment intent that failed.</summary>
    internal JsonObject More { get; } = [];

    internal static Refusal Invalid(string message, string? param = null, string? code = null) => new(400, "invalid_request_error", code, message, param);

    internal static Refusal Missing(string param) => Invalid($"Missing required param: {param}.", param, "parameter_missing");

    internal static Refusal NoSuch(string what, string? id, string param = "id") =>
        new(404, "invalid_request_error", "resource_missing", $"No such {what}: '{id}'", param);

    internal static Refusal Card(string code, string message, string? declineCode) => new(402, "card_error", code, message, null, declineCode);

    internal JsonObject Error()
    {
        var error = Json.Of(new { type, message = Message });
        foreach (var (key, value) in new[] { ("code", code), ("param", param), ("decline_code", declineCode) })
            if (value is not null)
                error[key] = value;
        if (code is not null)
            error["doc_url"] = $"https://stripe.com/docs/error-codes/{code.Replace('_', '-')}";
        foreach (var (key, value) in More)
            error[key] = value?.DeepClone();
        return error;
    }
}
