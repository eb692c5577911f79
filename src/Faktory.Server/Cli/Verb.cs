using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Faktory.Server.Config;
using Faktory.Server.Storage;

namespace Faktory.Server.Cli;

/// <summary>What all verbs but serving have in common: failures become one line on standard error and an exit code.</summary>
static class Verb
{
    /// <summary>Runs <paramref name="action"/> when the verb is given.</summary>
    internal static Command Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (flags, cancel) =>
        {
            try
            {
                return await action(flags, cancel);
            }
            catch (ConfigurationException e)
            {
                return await FailAsync(command, e.Message, ExitCode.BadConfiguration);
            }
            catch (StorageException e)
            {
                return await FailAsync(command, e.Message, ExitCode.StorageFailed);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or SocketException)
            {
                return await FailAsync(command, e.Message, ExitCode.Failed);
            }
            catch (OperationCanceledException)
            {
                return await FailAsync(command, "interrupted", ExitCode.Failed);
            }
        });
        return command;
    }

    /// <summary>Prints the result as JSON when that is asked for, else as <paramref name="text"/>.</summary>
    internal static Task PrintAsync<T>(ParseResult flags, T result, JsonTypeInfo<T> type, string text) =>
        Console.Out.WriteLineAsync(flags.GetValue(Flags.Json) ? JsonSerializer.Serialize(result, type) : text);

    internal static async Task<int> FailAsync(Command command, string why, int code)
    {
        await Console.Error.WriteLineAsync($"faktory-server {command.Name}: {why}");
        return code;
    }
}
