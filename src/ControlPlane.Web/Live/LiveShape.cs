using System.Security.Cryptography;
using System.Text;
using ControlPlane.Client;

namespace ControlPlane.Web.Live;

/// <summary>
/// What decides which parts an instance's page has, as a short text. The page names the shape it was rendered in when it opens its stream, which
/// so notices what changed before it was open.
/// </summary>
static class LiveShape
{
    const int Bytes = 8;

    /// <param name="instance">As the page shows it.</param>
    /// <param name="hasNumbers">False when the page has places for numbers and could not get any.</param>
    public static string Of(InstanceResource instance, bool hasNumbers = true)
    {
        var all = $"{instance.State} {instance.Health} {instance.Name} {instance.Plan} {instance.Endpoint} {instance.PreviousPasswordExpiresAt} {hasNumbers}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)).AsSpan(0, Bytes));
    }
}
