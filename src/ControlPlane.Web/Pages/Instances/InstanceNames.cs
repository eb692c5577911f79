using System.Security.Cryptography;

namespace ControlPlane.Web.Pages.Instances;

/// <summary>Names to start from, so that nobody has to think of one before the first job runs.</summary>
static class InstanceNames
{
    static readonly string[] first = ["amber", "brisk", "calm", "copper", "eager", "fleet", "granite", "ivory", "lively", "mellow", "nimble", "quiet", "rapid", "steady", "swift", "velvet"];
    static readonly string[] second = ["anvil", "beacon", "conveyor", "crane", "dynamo", "foundry", "gear", "harbor", "lathe", "loom", "mill", "piston", "press", "rivet", "spindle", "turbine"];

    public static string Suggest() => $"{Any(first)}-{Any(second)}-{RandomNumberGenerator.GetInt32(10, 100)}";

    static string Any(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
