using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// What kind of run it is. Probabilities are so many in 1024, so that no rounding can differ between machines.
/// </summary>
internal sealed record Profile
{
    /// <summary>Processes that are there from the start; the others of the plan are newcomers.</summary>
    public int Processes { get; init; }

    /// <summary>How many of them registered before the run; at most <see cref="Processes"/>.</summary>
    public int Settled { get; init; }

    /// <summary>Which channels come into being when two processes meet.</summary>
    public ChannelOpening Opening { get; init; }

    /// <summary>The epoch of the run; older ones are the past.</summary>
    public Epoch Epoch { get; init; } = Epoch.First;

    /// <summary>The bounds of the core, small enough to be reached.</summary>
    public ProtocolLimits Limits { get; init; } = ProtocolLimits.Default;

    /// <summary>Which channels get a marker at the cut.</summary>
    public MarkerPolicy Markers => Participant.Markers;

    /// <summary>The times and sizes of the participants, small enough to be reached.</summary>
    public ParticipantOptions Participant { get; init; } = ParticipantOptions.Default;

    /// <summary>A packet is lost.</summary>
    public int Loss { get; init; }

    /// <summary>A packet comes twice.</summary>
    public int Repetition { get; init; }

    /// <summary>A packet takes a long time.</summary>
    public int Delay { get; init; }

    /// <summary>How long a packet takes at most, in milliseconds, if it is not delayed.</summary>
    public int MaxTravelMs { get; init; } = 3;

    /// <summary>How long a delayed packet takes at most, in milliseconds.</summary>
    public int MaxDelayMs { get; init; } = 40;

    /// <summary>A write is slow.</summary>
    public int SlowWrite { get; init; }

    /// <summary>How long a slow write takes at most, in milliseconds.</summary>
    public int MaxWriteMs { get; init; } = 30;

    /// <summary>A write fails before it takes effect.</summary>
    public int FailedWrite { get; init; }

    /// <summary>A write takes effect, and its writer is told that it failed.</summary>
    public int UnknownWrite { get; init; }

    /// <summary>A write fails, and takes effect later.</summary>
    public int LateWrite { get; init; }

    /// <summary>A client asks once, and asks again only when all has come to rest.</summary>
    public int GivesUp { get; init; }

    /// <summary>When the faults end and everything must come to rest, in milliseconds.</summary>
    public int HorizonMs { get; init; } = 200;
}
