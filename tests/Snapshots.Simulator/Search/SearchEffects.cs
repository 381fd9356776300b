using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>What is to be performed, as numbers of frames, acknowledgements and reports.</summary>
/// <param name="Frames">Frames, in order.</param>
/// <param name="Acknowledgements">At most one per channel.</param>
/// <param name="Reports">Reports, in order.</param>
internal sealed record SearchEffects(ImmutableArray<int> Frames, ImmutableArray<int> Acknowledgements, ImmutableArray<int> Reports)
{
    public static SearchEffects None { get; } = new([], [], []);

    public bool IsEmpty => Frames.IsEmpty && Acknowledgements.IsEmpty && Reports.IsEmpty;
}
