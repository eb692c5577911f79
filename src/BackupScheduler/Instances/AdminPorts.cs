using ControlPlane.Core.Instances;
using ControlPlane.Core.Secrets;

namespace BackupScheduler.Instances;

/// <summary>Opens the admin port of an instance with the token that only its row knows. Safe for any number of callers.</summary>
sealed class AdminPorts(SecretSealer sealer, TimeProvider clock) : IDisposable
{
    // Longer than the largest file of a checkpoint takes; a small call that hangs meets the step's own limit first.
    static readonly TimeSpan CallAtMost = TimeSpan.FromMinutes(10);

    readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    })
    {
        Timeout = CallAtMost,
    };

    /// <exception cref="AdminPortException">The instance has no address: it was never started, or is gone.</exception>
    internal AdminPort Of(Instance instance)
    {
        var address = instance.AdminAddress ?? throw new AdminPortException($"Instance {instance.Id} has no admin address.", null);
        var token = sealer.Open(instance.OrganizationId, SecretPurposes.InstanceAdminToken, instance.Id.ToString(), instance.SealedAdminToken);
        return At(address, token);
    }

    internal AdminPort At(string address, string token) => new(http, new Uri(address.TrimEnd('/') + "/"), token, clock);

    public void Dispose() => http.Dispose();
}
