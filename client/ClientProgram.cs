using System.CommandLine;
using System.CommandLine.Invocation;
using System.Diagnostics.CodeAnalysis;

namespace Snapshots.Client;

/// <summary>Runs one command line, and turns whatever goes wrong into one line or one JSON document and an exit code.</summary>
internal static class ClientProgram
{
    /// <summary>Runs the program; returns its exit code.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="environment">What the program has around it.</param>
    /// <param name="interrupted">Ctrl-C.</param>
    [SuppressMessage("Design", "CA1031", Justification = "The one place where every failure becomes an exit code.")]
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, ClientEnvironment environment, CancellationToken interrupted)
    {
        try
        {
            return await InvokeAsync(args, environment, interrupted);
        }
        catch (Exception exception)
        {
            return FailureReport.Write(exception, args, environment, interrupted);
        }
    }

    private static async Task<int> InvokeAsync(
        IReadOnlyList<string> args, ClientEnvironment environment, CancellationToken interrupted)
    {
        var parsed = CommandTree.Build(environment).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction) throw UsageErrors.ToException(parsed);
        var configuration = new InvocationConfiguration
        {
            Output = environment.Output,
            Error = environment.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        var exitCode = await parsed.InvokeAsync(configuration, interrupted);
        await environment.Output.FlushAsync(CancellationToken.None);
        return exitCode;
    }
}
