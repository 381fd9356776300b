using System.Text.Json;
using Snapshots.Client;

namespace Snapshots.Faults.Tests;

/// <summary>The client's commands, run within the test: no time goes into starting processes.</summary>
internal static class ClientCommands
{
    /// <summary>Runs a command line with <c>-o json</c>.</summary>
    public static async Task<CommandResult> RunAsync(
        string commandLine, TimeProvider? time = null, CancellationToken interrupted = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var environment = new ClientEnvironment(
            output, error, IsOutputTerminal: false, IsErrorTerminal: false, _ => null, time ?? TimeProvider.System);
        string[] arguments = [.. commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-o", "json"];
        var exitCode = await ClientProgram.RunAsync(arguments, environment, interrupted);
        return new CommandResult(commandLine, exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command line that must succeed, and returns what it shows.</summary>
    public static async Task<JsonElement> ShowAsync(string commandLine)
    {
        var result = await RunAsync(commandLine);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Json;
    }
}
