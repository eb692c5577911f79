using ControlPlane.Client;
using ControlPlane.Web.Components;

namespace ControlPlane.Web.Pages.Instances;

/// <summary>The steps of an operation in their order, in words for people. A kind that is not known shows its current step alone.</summary>
static class OperationSteps
{
    static readonly Dictionary<string, List<(string Name, string Label)>> known = new()
    {
        ["instance.provision"] = [("lease_address", "Reserving an address"), ("prepare_storage", "Preparing its storage"), ("start", "Starting the server"), ("await_ready", "Waiting for its first answer")],
        ["instance.undelete"] = [("lease_address", "Reserving an address"), ("start", "Starting the server"), ("await_ready", "Waiting for its first answer")],
        ["instance.restart"] = [("stop", "Stopping the server"), ("start", "Starting it again"), ("await_ready", "Waiting for its first answer")],
        ["instance.resume"] = [("start", "Starting the server"), ("await_ready", "Waiting for its first answer")],
    };

    public static List<(string Name, string Label)> Of(OperationResource operation) =>
        known.TryGetValue(operation.Kind, out var steps) && steps.Exists(step => step.Name == operation.Step)
            ? steps
            : [(operation.Step, Words.Plain(operation.Step))];
}
