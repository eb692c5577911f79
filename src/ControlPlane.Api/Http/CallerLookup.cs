using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using Npgsql;

namespace ControlPlane.Api.Http;

/// <summary>
/// Finds who is behind a token or a ticket, with the memberships of this moment, in one statement. It asks through the two functions
/// that row-level security leaves open to somebody who has not entered an organization yet. Safe for any number of callers.
/// </summary>
sealed class CallerLookup(NpgsqlDataSource database)
{
    const string PersonColumns = "u.id, u.email, u.created_at, u.is_operator, u.security_stamp, m.organization_id, m.organization_name, m.organization_created_at, m.role";

    internal sealed record Token(TokenId Id, OrganizationId Organization, string Name, string[] Scopes, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

    internal async Task<(Token Token, Person Person)?> FindByTokenAsync(string secret, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            $"SELECT {PersonColumns}, t.id, t.organization_id, t.name, t.scopes, t.expires_at, t.last_used_at, t.revoked_at " +
            "FROM authenticate_token($1) t JOIN users u ON u.id = t.user_id LEFT JOIN LATERAL memberships_of(u.id) m ON true");
        command.Parameters.AddWithValue(ApiToken.Hash(secret));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel))
            return null;
        return (ReadToken(reader), await ReadPersonAsync(reader, cancel));
    }

    internal async Task<Person?> FindByUserAsync(Guid user, CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"SELECT {PersonColumns} FROM users u LEFT JOIN LATERAL memberships_of(u.id) m ON true WHERE u.id = $1");
        command.Parameters.AddWithValue(user);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? await ReadPersonAsync(reader, cancel) : null;
    }

    /// <summary>Reads on from the first row; each row is one membership.</summary>
    static async Task<Person> ReadPersonAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var memberships = new List<PersonMembership>();
        var person = ReadPerson(reader, memberships);
        do
        {
            if (!await reader.IsDBNullAsync(5, cancel))
                memberships.Add(ReadMembership(reader));
        }
        while (await reader.ReadAsync(cancel));
        return person;
    }

    static Person ReadPerson(NpgsqlDataReader row, IReadOnlyList<PersonMembership> memberships) =>
        new(new(row.GetGuid(0)), row.GetString(1), GetInstant(row, 2), row.GetBoolean(3), row.GetString(4), memberships);

    static PersonMembership ReadMembership(NpgsqlDataReader row) =>
        new(new(row.GetGuid(5)), row.GetString(6), GetInstant(row, 7), LowercaseEnum<Role>.Parse(row.GetString(8)));

    static Token ReadToken(NpgsqlDataReader row) => new(
        new(row.GetGuid(9)), new(row.GetGuid(10)), row.GetString(11), row.GetFieldValue<string[]>(12), GetInstant(row, 13),
        row.IsDBNull(14) ? null : GetInstant(row, 14), row.IsDBNull(15) ? null : GetInstant(row, 15));

    static DateTimeOffset GetInstant(NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);
}
