using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A snapshot is completed when no part of its collection waits for anything, whatever the others have to tell it.</summary>
internal sealed class JudgesBeforeAllIsHeard : EndsTooEarly
{
    public override CollectionRuling Judge(IReadOnlyList<PartStanding> standings) =>
        standings.Any(standing => standing.MissingProcesses > 0 || standing.OpenChannels > 0) ? CollectionRuling.Of(standings) : Complete;
}
