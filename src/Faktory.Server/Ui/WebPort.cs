using Microsoft.AspNetCore.Connections;

namespace Faktory.Server.Ui;

/// <summary>
/// The listener of the web UI: marks its connections, so that nothing of it is ever served elsewhere nor anything else here, and bounds
/// how many there are.
/// </summary>
sealed class WebPort
{
    internal const int ConnectionsMax = 128;

    int _open;

    internal async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > ConnectionsMax)
            {
                connection.Abort();
                return;
            }
            connection.Features.Set(this);
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
