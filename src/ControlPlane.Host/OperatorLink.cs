using System.Buffers.Text;
using System.Security.Cryptography;
using ControlPlane.Core.Identity;
using Npgsql;

namespace ControlPlane.Host;

/// <summary>The link that makes the person who opens it the operator: once, within a day.</summary>
static class OperatorLink
{
    static readonly TimeSpan livesFor = TimeSpan.FromDays(1);

    /// <summary>A new link when there is no operator yet, or one is asked for; links that were printed before are void then.</summary>
    /// <returns>Null when there is an operator.</returns>
    internal static async Task<Uri?> MakeAsync(string ownerConnectionString, Uri portal, bool evenWithOperator, TimeProvider clock, CancellationToken cancel)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await using var connection = new NpgsqlConnection(ownerConnectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            WITH wanted AS (SELECT 1 WHERE $3 OR NOT EXISTS (SELECT FROM users WHERE is_operator)),
                 void AS (UPDATE operator_claims SET expires_at = $4 WHERE used_at IS NULL AND expires_at > $4 AND EXISTS (SELECT FROM wanted))
            INSERT INTO operator_claims (token_hash, expires_at) SELECT $1, $2 FROM wanted
            """, connection)
        {
            Parameters =
            {
                new() { Value = ApiToken.Hash(token) },
                new() { Value = clock.GetUtcNow() + livesFor },
                new() { Value = evenWithOperator },
                new() { Value = clock.GetUtcNow() },
            },
        };
        return await command.ExecuteNonQueryAsync(cancel) > 0 ? new Uri(portal, $"operator/claim?token={token}") : null;
    }
}
