using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A small system of which every schedule is tried.</summary>
/// <param name="Name">Its name, in camelCase.</param>
/// <param name="Text">What it is about, in a few words.</param>
internal sealed record SearchCase(string Name, string Text)
{
    /// <summary>
    /// What every process has at the start; a transfer of more than <see cref="LedgerApplication.MaxTaken"/> comes
    /// back.
    /// </summary>
    public const long Deposit = 500;

    /// <summary>How many processes there are.</summary>
    public int Processes { get; init; } = 2;

    /// <summary>How many of them, the last ones, join at any time; the others are there from the start.</summary>
    public int Newcomers { get; init; }

    /// <summary>Which channels come into being when two processes meet.</summary>
    public ChannelOpening Opening { get; init; }

    /// <summary>
    /// Which channels get a marker at the cut. Where they are owed, a snapshot asks every process: no marker need reach
    /// it.
    /// </summary>
    public MarkerPolicy Markers { get; init; } = MarkerPolicy.EveryChannel;

    /// <summary>The channels that are open from the start.</summary>
    public ImmutableArray<(int Source, int Target)> Channels { get; init; } = [];

    /// <summary>Who pays whom; those of one process in this order, otherwise at any time.</summary>
    public ImmutableArray<SearchTransfer> Transfers { get; init; } = [];

    /// <summary>The snapshots, which begin at any time, in the order of their numbers.</summary>
    public ImmutableArray<SearchSnapshot> Snapshots { get; init; } = [];

    /// <summary>How many frames, acknowledgements or reports are lost at most.</summary>
    public int Losses { get; init; }

    /// <summary>How many frames come twice at most.</summary>
    public int Repetitions { get; init; }

    /// <summary>Whether any frame on its way may come next, and not only the one that was sent first.</summary>
    public bool Reorders { get; init; }

    /// <summary>
    /// How many crashes there are at most. Where there are some, a step, its write and its effects are three events.
    /// </summary>
    public int Crashes { get; init; }

    /// <summary>Whether an acknowledgement takes its time; otherwise it is there at once.</summary>
    public bool AcknowledgementsTravel { get; init; }

    /// <summary>Whether a report takes its time; otherwise it is there at once, and so is its receipt.</summary>
    public bool ReportsTravel { get; init; }

    /// <summary>Whether steps are written, and effects performed, at a time of their own.</summary>
    public bool WritesApart => Crashes > 0;
}
