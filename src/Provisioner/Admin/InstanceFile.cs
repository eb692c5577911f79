using System.Text.Json;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Secrets;
using Provisioner.Brands;

namespace Provisioner.Admin;

/// <summary>An instance's intent in the words of its server (docs/admin-port.md). It holds opened secrets: write it out, never log it.</summary>
sealed class InstanceFile(SecretSealer sealer)
{
    public string AdminToken(Instance instance) =>
        sealer.Open(instance.OrganizationId, SecretPurposes.InstanceAdminToken, instance.Id.ToString(), instance.SealedAdminToken);

    /// <summary>The whole file, for the instance's storage.</summary>
    public byte[] Whole(Instance instance, InstanceLimits limits, InstanceBrand? brand) => Write(instance, limits, brand, AdminToken(instance));

    /// <summary>The file without the admin token, for <c>PUT /admin/config</c>.</summary>
    public byte[] Config(Instance instance, InstanceLimits limits, InstanceBrand? brand) => Write(instance, limits, brand, adminToken: null);

    byte[] Write(Instance instance, InstanceLimits limits, InstanceBrand? brand, string? adminToken)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (adminToken is not null)
                json.WriteString("admin_token", adminToken);
            json.WriteNumber("generation", instance.Generation);
            json.WriteStartArray("passwords");
            WritePassword(json, Password(instance, instance.SealedPassword), expiresAt: null);
            if (instance is { SealedPreviousPassword: { } previous, PreviousPasswordExpiresAt: { } expiresAt })
                WritePassword(json, Password(instance, previous), expiresAt);
            foreach (var key in sealer.OpenKeys(instance).Values)
                WritePassword(json, key, expiresAt: null);
            json.WriteEndArray();
            json.WriteStartObject("limits");
            json.WriteNumber("connections_max", limits.ConnectionsMax);
            json.WriteNumber("storage_bytes_max", limits.StorageBytes);
            json.WriteEndObject();
            json.WriteStartObject("features");
            foreach (var (feature, value) in limits.Features)
                WriteSwitch(json, feature, value);
            json.WriteEndObject();
            WriteRules(json, instance.Rules);
            WriteBrand(json, brand);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    string Password(Instance instance, string sealedPassword) =>
        sealer.Open(instance.OrganizationId, SecretPurposes.InstancePassword, instance.Id.ToString(), sealedPassword);

    // A feature that is off says which plan has it, where one has.
    static void WriteSwitch(Utf8JsonWriter json, string feature, string value)
    {
        if (value is "true" or "false")
            json.WriteBoolean(feature, value == "true");
        else
            json.WriteString(feature, value);
    }

    static void WriteRules(Utf8JsonWriter json, string? rules)
    {
        if (rules is null)
            return;
        using var parsed = JsonDocument.Parse(rules);
        foreach (var table in parsed.RootElement.EnumerateObject())
            table.WriteTo(json);
    }

    static void WriteBrand(Utf8JsonWriter json, InstanceBrand? brand)
    {
        if (brand is null)
            return;
        json.WriteStartObject("brand");
        json.WriteString("name", brand.Name);
        if (brand.Color is { } color)
            json.WriteString("color", color);
        if (brand.Logo is { } logo)
            json.WriteString("logo", $"data:image/png;base64,{Convert.ToBase64String(logo)}");
        json.WriteEndObject();
    }

    static void WritePassword(Utf8JsonWriter json, string value, DateTimeOffset? expiresAt)
    {
        json.WriteStartObject();
        json.WriteString("value", value);
        if (expiresAt is { } at)
            json.WriteString("expires_at", at.UtcDateTime);
        json.WriteEndObject();
    }
}
