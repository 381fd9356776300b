using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>Amounts are conserved, and each process remembers what came in which order.</summary>
internal sealed class LetterApplication : IApplication<LetterState, Letter>
{
    public const string Name = "letters";

    /// <summary>The amount of a letter at which the handler throws.</summary>
    public const long Impossible = 666_666;

    public static LetterApplication Instance { get; } = new();

    public LetterState CreateState(ProcessId self) => LetterState.Empty;

    public Reaction<LetterState, Letter> Deliver(ProcessId self, LetterState state, ProcessId source, Letter message) =>
        message.Amount != Impossible
            ? new(state with { Balance = state.Balance + message.Amount, Taken = state.Taken.Add(message.Amount) })
            : throw new NotSupportedException("no such letter");

    public ulong Fingerprint(Letter message) => (ulong)message.Amount;
}
