using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>
/// The state of one simulated process. It pays out of its own money only, and never out of what it has received: so
/// which of its requests are refused depends on the order of its requests alone, and the outcome of a run on no
/// schedule.
/// </summary>
/// <remarks>Equality compares content. Immutable.</remarks>
/// <param name="Steps">How many steps of the application led here: so no two states of a process are equal.</param>
/// <param name="Own">What it may spend.</param>
/// <param name="Received">What others have paid, and what came back.</param>
/// <param name="Deposited">All that came into the ledger here.</param>
/// <param name="Outcomes">What became of its requests, in the order in which they were first decided.</param>
internal sealed record LedgerState(long Steps, long Own, long Received, long Deposited, ImmutableArray<LedgerOutcome> Outcomes)
{
    /// <summary>A process that has done nothing.</summary>
    public static LedgerState Empty { get; } = new(0, 0, 0, 0, []);

    public bool Equals(LedgerState? other) => other is not null
        && Steps == other.Steps
        && Own == other.Own
        && Received == other.Received
        && Deposited == other.Deposited
        && Outcomes.AsSpan().SequenceEqual(other.Outcomes.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Steps, Own, Received);

    /// <summary>What became of a request; none if it is new.</summary>
    public LedgerOutcome? OutcomeOf(int key)
    {
        foreach (var outcome in Outcomes)
        {
            if (outcome.Key == key) return outcome;
        }

        return null;
    }
}
