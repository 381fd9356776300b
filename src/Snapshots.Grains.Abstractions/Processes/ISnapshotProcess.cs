using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// What the snapshot machinery asks of a grain that hosts a process. The grain's key is the <see cref="ProcessId"/>.
/// Applications do not implement it; they derive from the participant base class.
/// </summary>
[Alias("snapshots.ISnapshotProcess")]
public interface ISnapshotProcess : IGrainWithStringKey
{
    /// <summary>
    /// Asks the process to record a snapshot, as one more of its initiators, or to repeat what it has reported of it
    /// some time ago and got no receipt for. Nothing happens if it has ended, or if <paramref name="epoch"/> is not the
    /// process's own. Answers before the report is made.
    /// </summary>
    [Alias("record")]
    Task RecordAsync(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement);

    /// <summary>Tells the process which snapshots have ended.</summary>
    [Alias("learn")]
    Task LearnAsync(SnapshotAnnouncement announcement);

    /// <summary>
    /// Closes the process for a restore, or opens it again after an abort; answers once that is persisted. A process
    /// that is damaged starts only for this.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The process waits for its part of a restore, or its activation ends; it is to be called again.
    /// </exception>
    [Alias("obey")]
    Task ObeyAsync(Gate gate);

    /// <summary>Applies the process's part of a committed restore; answers once that is persisted.</summary>
    /// <param name="gate">The gate after it; one that the process has reached already changes nothing.</param>
    /// <param name="wasClosed">Whether it had to close before: without a record it has lost that.</param>
    /// <param name="reports">
    /// Its local state in the source, none if it becomes empty, and the channels with messages in transit to it.
    /// </param>
    /// <returns>Whether it has its part; a process that stays damaged has the gate alone.</returns>
    [Alias("restore")]
    Task<bool> RestoreAsync(Gate gate, bool wasClosed, ReportSurrogate[] reports);

    /// <summary>
    /// Activates the process, so that it goes on with what is unfinished. False when it has no frames under way, so
    /// that <paramref name="listing"/>, by which it was found in the directory, may end; 0 when it was not found there.
    /// </summary>
    [Alias("wake")]
    Task<bool> WakeAsync(long listing);

    /// <summary>
    /// Completes once everything that the process has taken in is persisted and every report is with the collector. For
    /// tests and for scripts that fix every interleaving.
    /// </summary>
    [Alias("settle")]
    Task SettleAsync();
}
