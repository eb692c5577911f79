namespace ControlPlane.Api;

/// <summary>Section <c>Api</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>Where people reach the portal; links in mails point there.</summary>
    public Uri PortalAddress { get; set; } = new("http://127.0.0.1:8080");

    /// <summary>Where resellers' platforms reach this Api, for what they are told to call; as the caller has reached it when null.</summary>
    public Uri? PublicAddress { get; set; }

    /// <summary>Addresses or networks (10.0.0.0/8) whose X-Forwarded-For and -Proto are believed: proxies in front, and the portal.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>How many requests may wait for their operation at the same time; further ones are answered at once.</summary>
    public int WaitingRequestsMax { get; set; } = 1000;
}

/// <summary>Section <c>Instances</c>.</summary>
public sealed class InstanceOptions
{
    /// <summary>Where an instance is made when the customer names no region.</summary>
    public string DefaultRegion { get; set; } = "local";

    /// <summary>The regions besides <see cref="DefaultRegion"/>.</summary>
    public IList<string> Regions { get; } = [];

    /// <summary>PEM file of the certificate authority that workers must trust, where instances speak TLS with one of ours.</summary>
    public string? CertificateAuthorityFile { get; set; }
}
