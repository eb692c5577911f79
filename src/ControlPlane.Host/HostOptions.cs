namespace ControlPlane.Host;

/// <param name="DataFolder">Full path; made when missing.</param>
/// <param name="ApiPort">Null: the preferred one, or the next that is free.</param>
/// <param name="PortalPort">Likewise.</param>
/// <param name="Engine">auto, process or docker.</param>
/// <param name="WantsOperatorLink">Also when there is an operator already.</param>
/// <param name="IsDurable">False for tests only.</param>
/// <param name="IsVerbose">Information, not only warnings, on the terminal.</param>
sealed record HostOptions(string DataFolder, int? ApiPort, int? PortalPort, string Engine, bool WantsOperatorLink, bool IsDurable, bool IsVerbose);

/// <summary>The host does not start; the message is for the person at the terminal.</summary>
sealed class HostRefusedException(string message) : Exception(message);
