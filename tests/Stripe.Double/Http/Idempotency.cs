using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Http;

/// <summary>
/// The same key with the same request gives the first answer again, whatever it was, for 24 hours of virtual time. With another request it is
/// refused. Answers are kept once a handler has begun; a request that was refused before may be sent again.
/// </summary>
sealed class Idempotency(World world, HttpRequest request, string body)
{
    const string type = "_idempotency";
    const int keyMax = 255;
    const long keptForSeconds = 24 * 3600;

    internal string? Key { get; } = request.Method == "POST" ? request.Headers["Idempotency-Key"].FirstOrDefault() : null;

    string Id => $"{type}:{request.Headers["Stripe-Account"].FirstOrDefault()}:{Key}";

    string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Path}\n{body}")));

    internal Answer? Replayed()
    {
        if (Key is null)
            return null;
        if (Key.Length > keyMax)
            throw Refusal.Invalid($"Idempotency keys can have at most {keyMax} characters.");
        foreach (var old in world.Store.All(type).Where(old => old.Long("created") <= world.Now - keptForSeconds).ToList())
            world.Store.Remove(old);
        if (world.Store[Id] is not { } kept)
            return null;
        if (kept.Str("fingerprint") != Fingerprint)
            throw new Refusal(400, "idempotency_error", null,
                $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{Key}' if you meant to execute a different request.");
        return new((int)kept.Long("status"), kept.Str("body")!, "", true);
    }

    internal Answer Keep(Answer answer, bool isRecorded)
    {
        if (Key is not null && isRecorded)
            world.Store.Add(new JsonObject
            {
                ["id"] = Id,
                ["object"] = type,
                ["created"] = world.Now,
                ["fingerprint"] = Fingerprint,
                ["status"] = answer.Status,
                ["body"] = answer.Body,
            });
        return answer;
    }
}
