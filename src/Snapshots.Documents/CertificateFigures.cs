using System.Collections.Immutable;

namespace Snapshots.Documents;

/// <summary>
/// What the certificate of a document states about a global state: whether the rules of <see cref="Certificate"/>
/// hold, the counts, and the totals. Totals have 128 bits, so that no sum of 64-bit numbers overflows.
/// </summary>
/// <param name="Violations">One line for each rule that is broken, in the order of processes and channels.</param>
/// <param name="ProcessCount">The members.</param>
/// <param name="ChannelCount">The channels that are listed.</param>
/// <param name="MarkerCount">Markers of this snapshot: one on each channel.</param>
/// <param name="MessagesInTransit">Messages in all channel states.</param>
/// <param name="Balance">Sum of what the processes hold.</param>
/// <param name="InTransit">Sum of what the messages in the channel states carry.</param>
/// <param name="Deposited">Sum of what came into the system.</param>
/// <param name="Withdrawn">Sum of what left the system.</param>
public sealed record CertificateFigures(
    ImmutableArray<string> Violations,
    long ProcessCount,
    long ChannelCount,
    long MarkerCount,
    long MessagesInTransit,
    Int128 Balance,
    Int128 InTransit,
    Int128 Deposited,
    Int128 Withdrawn)
{
    /// <summary>Whether no rule of the certificate is broken.</summary>
    public bool Consistent => Violations.IsEmpty;

    /// <summary>Whether balance + in transit = deposited - withdrawn, to the unit.</summary>
    public bool Conserved => Balance + InTransit == Deposited - Withdrawn;

    /// <summary>Computes the figures of a global state.</summary>
    public static CertificateFigures Of<TState, TMessage>(
        GlobalState<TState, TMessage> state, IDocumentFormat<TState, TMessage> format)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(format);
        return Of(state, format.FiguresOf, format.InTransit);
    }

    internal static CertificateFigures Of<TState, TMessage>(
        GlobalState<TState, TMessage> state, Func<TState, Figures> figuresOf, Func<TMessage, long> inTransit)
    {
        var (balance, deposited, withdrawn) = (Int128.Zero, Int128.Zero, Int128.Zero);
        foreach (var process in state.Processes)
        {
            var figures = figuresOf(process.State);
            balance += figures.Balance;
            deposited += figures.Deposited;
            withdrawn += figures.Withdrawn;
        }

        var (count, carried) = (0L, Int128.Zero);
        foreach (var channel in state.Channels)
        {
            count += channel.Messages.Length;
            foreach (var message in channel.Messages) carried += inTransit(message.Message);
        }

        return new CertificateFigures(
            [.. Certificate.Check(state).Select(violation => violation.ToString())],
            state.Processes.Length,
            state.Channels.Length,
            state.Channels.Length,
            count,
            balance,
            carried,
            deposited,
            withdrawn);
    }
}

/// <summary>What one local state adds to the totals of the certificate, in whole units of money or tokens.</summary>
/// <param name="Balance">What the process holds.</param>
/// <param name="Deposited">All that ever came in from outside the system through this process.</param>
/// <param name="Withdrawn">All that ever left the system through this process.</param>
public readonly record struct Figures(long Balance, long Deposited, long Withdrawn);

/// <summary>Writes an application's states and messages into a <see cref="SnapshotDocument"/>.</summary>
/// <remarks>
/// <see cref="SnapshotVerifier"/> knows two forms of a state: <c>{"balance","deposited","withdrawn"}</c> and
/// <c>{"tokens"}</c>, each with any further fields. Of a message it knows <c>type</c> (<c>transfer</c> or
/// <c>return</c>), <c>transferId</c> (optional with tokens) and <c>amount</c>. Same input, same output: the digest
/// covers what is written.
/// </remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public interface IDocumentFormat<TState, TMessage>
{
    /// <summary>Writes the state as one JSON value, braces included.</summary>
    void WriteState(Utf8JsonWriter writer, TState state);

    /// <summary>Writes the fields of a message into an open object that has its <c>sequence</c> already.</summary>
    void WriteMessage(Utf8JsonWriter writer, TMessage message);

    /// <summary>What the state adds to the totals; the same numbers as <see cref="WriteState"/> shows.</summary>
    Figures FiguresOf(TState state);

    /// <summary>What the message carries, in the unit of <see cref="Figures.Balance"/>.</summary>
    long InTransit(TMessage message);
}
