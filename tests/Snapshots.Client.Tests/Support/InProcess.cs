namespace Snapshots.Client.Tests;

/// <summary>Runs the program within the test.</summary>
internal static class InProcess
{
    /// <summary>Runs a command line; words are parted by blanks.</summary>
    public static Task<ProgramResult> RunAsync(string commandLine) =>
        RunAsync(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public static Task<ProgramResult> RunAsync(params string[] args) => RunAsync(args, variable: _ => null);

    public static async Task<ProgramResult> RunAsync(string[] args, Func<string, string?> variable)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var environment = new ClientEnvironment(
            output, error, IsOutputTerminal: false, IsErrorTerminal: false, variable, TimeProvider.System);
        var exitCode = await ClientProgram.RunAsync(args, environment, TestContext.Current.CancellationToken);
        return new(exitCode, output.ToString(), error.ToString());
    }
}
