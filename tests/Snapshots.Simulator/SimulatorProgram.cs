using System.CommandLine;
using System.CommandLine.Invocation;

namespace Snapshots.Simulator;

/// <summary>Runs one command line.</summary>
internal static class SimulatorProgram
{
    private const int Failed = 1;
    private const int Usage = 2;
    private const int Interrupted = 130;

    /// <summary>Runs the program; returns its exit code.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Takes the data.</param>
    /// <param name="error">Takes progress, and one line on a failure.</param>
    /// <param name="showProgress">Whether a person looks at <paramref name="error"/>.</param>
    /// <param name="interrupted">Ends the run early, as Ctrl-C does.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, TextWriter output, TextWriter error, bool showProgress, CancellationToken interrupted)
    {
        var progress = new ProgressLine(error, showProgress);
        var parsed = new SimulatorCommand(progress).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            await error.WriteLineAsync($"error: {OneLine(parsed.Errors[0].Message)}");
            return Usage;
        }

        try
        {
            var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
            return await parsed.InvokeAsync(configuration, interrupted);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"error: {OneLine(exception.Message)}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            progress.Clear();
            await error.WriteLineAsync("error: interrupted");
            return Interrupted;
        }
    }

    private static string OneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
