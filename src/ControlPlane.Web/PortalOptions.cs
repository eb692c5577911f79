using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Web;

/// <summary>Section <c>Portal</c>.</summary>
public sealed class PortalOptions
{
    /// <summary>The address people type. When it is https, cookies are Secure and carry the <c>__Host-</c> prefix.</summary>
    public Uri? PublicAddress { get; set; }

    /// <summary>Believes X-Forwarded-For and -Proto of a proxy in front.</summary>
    public bool TrustsProxy { get; set; }

    /// <summary>How many live pages one person may hold open; more of them stay still.</summary>
    [Range(1, 1000)]
    public int LiveStreamsPerUserMax { get; set; } = 20;

    /// <summary>How many sign-ins and sign-ups one address may try in a minute.</summary>
    [Range(1, 10_000)]
    public int SignInsPerMinuteMax { get; set; } = 30;

    public bool IsSecure => PublicAddress?.Scheme == Uri.UriSchemeHttps;
}

/// <summary>Section <c>Api</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>Where the portal reaches the Api.</summary>
    [Required]
    public Uri BaseAddress { get; set; } = new("http://127.0.0.1:8081");

    /// <summary>Where customers reach it, for the commands that pages show; the base address when left out.</summary>
    public Uri? PublicAddress { get; set; }

    internal string ShownAddress => (PublicAddress ?? BaseAddress).ToString().TrimEnd('/');
}

/// <summary>Section <c>Billing</c>, as far as pages show it.</summary>
public sealed class BankOptions
{
    /// <summary>Where customers transfer to, in as many lines as it takes: holder, IBAN, BIC, bank.</summary>
    public string? BankAccount { get; set; }
}
