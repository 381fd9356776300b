using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Diagnostics.CodeAnalysis;

namespace Snapshots.Client;

/// <summary>Runs one command line; turns every failure into one line or one JSON document, and an exit code.</summary>
internal static class ClientProgram
{
    /// <summary>Runs the program; returns its exit code.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="environment">The consoles, variables and clock.</param>
    /// <param name="interrupted">Cancelled by Ctrl-C.</param>
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
        var parsed = CommandTree.Build(environment).Parse(
            args, new ParserConfiguration { ResponseFileTokenReplacer = null });
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

/// <summary>The consoles, variables and clock of the program; tests pass their own.</summary>
/// <param name="Output">Where data goes: stdout.</param>
/// <param name="Error">Where progress, logs and messages go: stderr.</param>
/// <param name="IsOutputTerminal">Whether stdout is a terminal.</param>
/// <param name="IsErrorTerminal">Whether stderr is a terminal.</param>
/// <param name="Variable">Reads an environment variable; null if it is not set.</param>
/// <param name="Time">The clock.</param>
internal sealed record ClientEnvironment(
    TextWriter Output,
    TextWriter Error,
    bool IsOutputTerminal,
    bool IsErrorTerminal,
    Func<string, string?> Variable,
    TimeProvider Time)
{
    /// <summary>The width of the terminal, in characters.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Where a user confirms: stdin.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    /// <summary>Whether stdin is a terminal.</summary>
    public bool IsInputTerminal { get; init; }
}

/// <summary>Builds the tree of all commands.</summary>
internal static class CommandTree
{
    /// <summary>The width of the help where stdout is no terminal.</summary>
    private const int RedirectedWidth = 100;

    public static RootCommand Build(ClientEnvironment environment)
    {
        var context = new CommandContext(new GlobalOptions(), environment);
        var root = new RootCommand("Consistent global snapshots of a running bank.")
        {
            new DemoCommand(context),
            new Command("account", "Open accounts, and move money into and out of the bank.")
            {
                new OpenCommand(context),
                new ShowAccountCommand(context),
                new ListAccountsCommand(context),
                new DepositCommand(context),
                new WithdrawCommand(context),
            },
            new TransferCommand(context) { new ShowTransferCommand(context) },
            new LoadCommand(context),
            new Command("snapshot", "Take, read and prove snapshots.")
            {
                new TakeCommand(context),
                new ListSnapshotsCommand(context),
                new ShowSnapshotCommand(context),
                new WaitCommand(context),
                new AbortCommand(context),
                new DeleteCommand(context),
                new PinCommand(context, isPinned: true),
                new PinCommand(context, isPinned: false),
                new ExportCommand(context),
                new VerifyCommand(context),
                new ArchiveCommand(context),
                new QueryCommand(context),
                new DiffCommand(context),
                new CheckCommand(context),
                new RestoreCommand(context),
            },
            new Command("restore", "Follow, abort and revert restores.")
            {
                new ListRestoresCommand(context),
                new ShowRestoreCommand(context),
                new WaitForRestoreCommand(context),
                new AbortRestoreCommand(context),
                new RevertCommand(context),
            },
            new Command("schedule", "Have the cluster take snapshots by itself.")
            {
                new ShowScheduleCommand(context),
                new SetScheduleCommand(context),
                new ClearScheduleCommand(context),
            },
            new ReplayCommand(context),
            new CompletionCommand(context),
        };
        context.Options.AddTo(root);
        var help = new ClientHelp(environment.IsOutputTerminal ? environment.Width : RedirectedWidth);
        root.Options.OfType<HelpOption>().Single().Action = help;
        root.SetAction(help.Invoke);
        new IdCompletion(context).AddTo(root);
        return root;
    }
}
