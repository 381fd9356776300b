using System.Collections.Immutable;

namespace Snapshots.Documents;

/// <summary>
/// What the certificate of a document states about a global state: whether the rules of <see cref="Certificate"/>
/// hold, the counts, and the totals of money where the application has money.
/// </summary>
/// <param name="Violations">One line for each rule that is broken, in the order of processes and channels.</param>
/// <param name="ProcessCount">The members.</param>
/// <param name="ChannelCount">The channels that are listed.</param>
/// <param name="MarkerCount">Markers of this snapshot: one for each channel, sent or owed.</param>
/// <param name="MessagesInTransit">Messages in all channel states.</param>
/// <param name="Money">The totals; <see langword="null"/> for an application without money.</param>
public sealed record CertificateFigures(
    ImmutableArray<string> Violations,
    long ProcessCount,
    long ChannelCount,
    long MarkerCount,
    long MessagesInTransit,
    MoneyTotals? Money)
{
    /// <summary>Whether no rule of the certificate is broken.</summary>
    public bool Consistent => Violations.IsEmpty;

    /// <summary>Whether no money was made or lost; true of an application without money.</summary>
    public bool Conserved => Money is not { Conserved: false };

    /// <summary>Computes the figures of a global state; totals if the format is of an application with money.</summary>
    public static CertificateFigures Of<TState, TMessage>(
        GlobalState<TState, TMessage> state, IDocumentFormat<TState, TMessage> format)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(format);
        return new(
            [.. Certificate.Check(state).Select(violation => violation.ToString())],
            state.Processes.Length,
            state.Channels.Length,
            state.Channels.Length,
            state.Channels.Sum(channel => (long)channel.Messages.Length),
            format is IMoneyFormat<TState, TMessage> money ? MoneyTotals.Of(state, money) : null);
    }
}

/// <summary>
/// The sums of money over a global state. They have 128 bits, so that no sum of 64-bit numbers overflows.
/// </summary>
/// <param name="Balance">What the processes hold.</param>
/// <param name="InTransit">What the messages in the channel states carry.</param>
/// <param name="Deposited">What came into the system.</param>
/// <param name="Withdrawn">What left the system.</param>
public sealed record MoneyTotals(Int128 Balance, Int128 InTransit, Int128 Deposited, Int128 Withdrawn)
{
    /// <summary>Whether balance + in transit = deposited - withdrawn, to the unit.</summary>
    public bool Conserved => Balance + InTransit == Deposited - Withdrawn;

    internal static MoneyTotals Of<TState, TMessage>(
        GlobalState<TState, TMessage> state, IMoneyFormat<TState, TMessage> format)
    {
        var (balance, deposited, withdrawn) = (Int128.Zero, Int128.Zero, Int128.Zero);
        foreach (var process in state.Processes)
        {
            var figures = format.FiguresOf(process.State);
            balance += figures.Balance;
            deposited += figures.Deposited;
            withdrawn += figures.Withdrawn;
        }

        var carried = Int128.Zero;
        foreach (var channel in state.Channels)
        {
            foreach (var message in channel.Messages) carried += format.InTransit(message.Message);
        }

        return new(balance, carried, deposited, withdrawn);
    }
}

/// <summary>What one local state adds to the totals of the certificate, in whole units of money or tokens.</summary>
/// <param name="Balance">What the process holds.</param>
/// <param name="Deposited">All that ever came in from outside the system through this process.</param>
/// <param name="Withdrawn">All that ever left the system through this process.</param>
public readonly record struct Figures(long Balance, long Deposited, long Withdrawn);
