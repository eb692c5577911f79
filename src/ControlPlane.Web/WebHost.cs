namespace ControlPlane.Web;

/// <summary>Builds the portal, for its own executable and for the process that hosts all of them.</summary>
public static class WebHost
{
    /// <param name="args">Command-line configuration, for example <c>--urls=http://127.0.0.1:8080</c>.</param>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        return builder.Build();
    }
}
