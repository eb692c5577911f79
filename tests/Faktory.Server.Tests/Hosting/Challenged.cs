using System.Text.Json;
using Faktory.Server.Protocol;

namespace Faktory.Server.Tests.Hosting;

/// <summary>The server's +HI, and how a client answers it.</summary>
static class Challenged
{
    internal static (string Salt, int Iterations) Asked(string greeting)
    {
        var asked = JsonElement.Parse(greeting.Split(' ')[1]);
        return (asked.GetProperty("s").GetString()!, asked.GetProperty("i").GetInt32());
    }

    internal static string Answer(string greeting, string password)
    {
        var (salt, iterations) = Asked(greeting);
        return Challenge.Hash(password, salt, iterations);
    }
}
