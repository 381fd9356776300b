using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// An activation of a process in this silo, as objects of the silo tell it something: on its scheduler, and without a call,
/// which would cost several times as much. What is told to an activation that is over is lost, and comes again to the next.
/// </summary>
/// <remarks>Safe for concurrent use; returns at once.</remarks>
internal interface ILocalProcess
{
    /// <summary>The grain.</summary>
    GrainId Grain { get; }

    /// <summary>
    /// Tells it which snapshots have ended; does nothing while it has not come to take what it was told before.
    /// </summary>
    void Learn(SnapshotAnnouncement announcement);

    /// <summary>Tells it that the collection has stored these reports.</summary>
    void Accepted(IReadOnlySet<ReportKey> reports);
}
