using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ControlPlane.Core.Data;

/// <summary>
/// Tells PostgreSQL whose rows may be seen, whenever a connection is taken from the pool; the pool forgets it when the connection returns.
/// A connection that was told nothing sees no tenant's row.
/// </summary>
sealed class ScopeInterceptor(DbScope scope) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = CreateCommand(connection);
        command?.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = CreateCommand(connection);
        if (command is not null)
            await command.ExecuteNonQueryAsync(cancellationToken);
    }

    DbCommand? CreateCommand(DbConnection connection)
    {
        if (scope is { Organization: null, Reseller: null, IsFleet: false })
            return null;
        var command = connection.CreateCommand();
        command.CommandText = "SELECT set_config('app.organization_id', $1, false), set_config('app.fleet', $2, false), set_config('app.reseller_id', $3, false)";
        AddParameter(command, scope.Organization?.Value.ToString() ?? "");
        AddParameter(command, scope.IsFleet ? "on" : "off");
        AddParameter(command, scope.Reseller?.Value.ToString() ?? "");
        return command;
    }

    static void AddParameter(DbCommand command, string value)
    {
        var parameter = command.CreateParameter();
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
