namespace Snapshots.Client;

/// <summary>A command with its own arguments and options; the global options come with each run.</summary>
internal abstract class ClientCommand : Command
{
    protected ClientCommand(string name, string description, CommandContext context)
        : base(name, description) =>
        SetAction((parsed, interrupted) => RunAsync(new CommandRun(context, parsed, interrupted)));

    /// <summary>Runs the command; returns the exit code.</summary>
    protected abstract Task<int> RunAsync(CommandRun run);
}

/// <summary>What all commands of a program share.</summary>
/// <param name="Options">The global options.</param>
/// <param name="Environment">The consoles, variables and clock of the program.</param>
internal sealed record CommandContext(GlobalOptions Options, ClientEnvironment Environment);

/// <summary>One run of a command: its parsed arguments, and what it needs to run.</summary>
internal sealed class CommandRun
{
    /// <summary>A user who sees nothing for longer wonders whether anything happens.</summary>
    private static readonly TimeSpan PatienceForNews = TimeSpan.FromMilliseconds(300);

    private readonly CommandContext _context;
    private readonly ParseResult _parsed;

    public CommandRun(CommandContext context, ParseResult parsed, CancellationToken interrupted)
    {
        _context = context;
        _parsed = parsed;
        Interrupted = interrupted;
        Terminal = context.Options.Terminal(parsed, context.Environment);
        Timeout = context.Options.Timeout(parsed);
    }

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Interrupted { get; }

    /// <summary>Where results and messages go.</summary>
    public Terminal Terminal { get; }

    /// <summary>How long a call, or a whole wait, may take.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Whether there is a user to ask: stdin and stderr are terminals.</summary>
    public bool CanAsk => _context.Environment is { IsInputTerminal: true, IsErrorTerminal: true };

    /// <summary>The clock.</summary>
    public TimeProvider Time => _context.Environment.Time;

    /// <summary>Returns the value of an argument; the parser guarantees that it was given.</summary>
    public T Get<T>(Argument<T> argument) => _parsed.GetRequiredValue(argument);

    /// <summary>Returns the value of an option, or the default of its type.</summary>
    public T? Get<T>(Option<T> option) => _parsed.GetValue(option);

    /// <summary>Whether an option or argument was given.</summary>
    public bool Has(Symbol symbol) => _parsed.GetResult(symbol) is { Tokens.Count: > 0 };

    /// <summary>Asks the user on stderr; returns what was typed.</summary>
    public string Ask(string question)
    {
        _context.Environment.Error.Write(question);
        _context.Environment.Error.Flush();
        return _context.Environment.Input.ReadLine()?.Trim() ?? string.Empty;
    }

    /// <summary>The application whose snapshots are meant.</summary>
    public string Application => _context.Options.Application(_parsed);

    /// <summary>Connects to the bank in the cluster that the options name.</summary>
    /// <exception cref="ClientException">The options name another application.</exception>
    public Task<BankConnection> ConnectAsync() => Application == BankApplication.Name
        ? OpenAsync()
        : throw new ClientException(ErrorCode.Usage, $"this command is of the bank, not of {Application}");

    /// <summary>Connects to the application that the options name.</summary>
    /// <exception cref="ClientException">The silo does not host it.</exception>
    public async Task<BankConnection> ConnectToApplicationAsync()
    {
        if (Application == BankApplication.Name) return await ConnectAsync();
        var connection = await OpenAsync();
        try
        {
            await connection.RequireHostedAsync(Interrupted);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<BankConnection> OpenAsync()
    {
        var settings = _context.Options.Connection(_parsed, _context.Environment);
        var opening = BankConnection.OpenAsync(settings, Interrupted);
        if (await Task.WhenAny(opening, Task.Delay(PatienceForNews, CancellationToken.None)) != opening)
        {
            Terminal.Hint(
                settings.IsEmbedded ? $"opening {settings.DataDirectory} …" : $"connecting to {settings.Where} …");
        }

        return await opening;
    }
}
