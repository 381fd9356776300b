using System.CommandLine;

namespace Snapshots.Client;

/// <summary>One run of a command: what was asked for, and what it needs to do it.</summary>
internal sealed class CommandRun
{
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

    /// <summary>Ctrl-C.</summary>
    public CancellationToken Interrupted { get; }

    /// <summary>Where results and messages go.</summary>
    public Terminal Terminal { get; }

    /// <summary>How long a call, or a whole wait, may take.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => _context.Environment.Time;

    /// <summary>The value of an argument; the parser has made sure that it is there.</summary>
    public T Get<T>(Argument<T> argument) => _parsed.GetRequiredValue(argument);

    /// <summary>The value of an option, or the default of its type.</summary>
    public T? Get<T>(Option<T> option) => _parsed.GetValue(option);

    /// <summary>Whether an option or argument was given.</summary>
    public bool Has(Symbol symbol) => _parsed.GetResult(symbol) is { Tokens.Count: > 0 };

    /// <summary>Connects to the cluster that the options name.</summary>
    public Task<BankConnection> ConnectAsync() =>
        BankConnection.OpenAsync(_context.Options.Connection(_parsed, _context.Environment), Interrupted);
}
