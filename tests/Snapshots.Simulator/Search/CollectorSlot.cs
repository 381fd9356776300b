using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A collector in a state of the search.</summary>
/// <param name="Phase">How far it is.</param>
/// <param name="Members">Who was registered when it began.</param>
/// <param name="Reports">The numbers of the reports that it has, as they came.</param>
/// <param name="State">The global state, once it has completed.</param>
internal sealed record CollectorSlot(CollectorPhase Phase, ImmutableArray<ProcessId> Members, ImmutableArray<int> Reports, LedgerSnapshot? State)
{
    public static CollectorSlot NotBegun { get; } = new(CollectorPhase.NotBegun, [], [], null);
}
