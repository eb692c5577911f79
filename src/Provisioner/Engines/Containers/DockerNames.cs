namespace Provisioner.Engines.Containers;

/// <summary>Container, network and volume of an instance bear one name, made from its id, and labels that say whose they are.</summary>
static class DockerNames
{
    public const string InstanceLabel = "cloud.faktory.instance", DeploymentLabel = "cloud.faktory.deployment";

    public static string Of(string instanceId) => "faktory-" + InstanceSpec.CheckedId(instanceId);

    public static Dictionary<string, string> Labels(string instanceId, string deployment) =>
        new() { [InstanceLabel] = instanceId, [DeploymentLabel] = deployment };

    public static Dictionary<string, IDictionary<string, bool>> Filter(string label, string value) =>
        new() { ["label"] = new Dictionary<string, bool> { [$"{label}={value}"] = true } };
}
