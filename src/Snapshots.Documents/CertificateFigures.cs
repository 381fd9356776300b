using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Documents;

/// <summary>
/// What the certificate of a document says about a global state: whether the rules of <see cref="Certificate"/> hold,
/// how much there is, and the totals. Totals are 128 bits wide, so that no sum of 64-bit numbers overflows.
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
