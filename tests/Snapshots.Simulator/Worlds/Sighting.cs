namespace Snapshots.Simulator;

/// <summary>What a run can have seen.</summary>
internal enum Sighting
{
    /// <summary>A completed snapshot had messages in transit.</summary>
    NonEmptyChannelStates,

    /// <summary>A process recorded two snapshots at a time.</summary>
    OverlappingSnapshots,

    /// <summary>A frame was lost.</summary>
    LostFrames,

    /// <summary>A frame came twice.</summary>
    DuplicatedFrames,

    /// <summary>A frame was overtaken.</summary>
    ReorderedFrames,

    /// <summary>A process crashed.</summary>
    Crashes,

    /// <summary>A process crashed with a recording open.</summary>
    CrashesInsideSnapshots,

    /// <summary>A process opened a channel with a recording open.</summary>
    ChannelsOpenedInsideSnapshots,

    /// <summary>A snapshot was completed.</summary>
    Completed,

    /// <summary>A snapshot was aborted.</summary>
    Aborted,

    /// <summary>A collector crashed while its snapshot was open.</summary>
    CollectorCrashes,

    /// <summary>The storage refused the write of a second activation.</summary>
    FencedWrites,

    /// <summary>A write failed, before or after it took effect.</summary>
    FailedWrites,

    /// <summary>A crash took steps away.</summary>
    LostSteps,

    /// <summary>An input of an older epoch was answered.</summary>
    OldEpochs,

    /// <summary>A process was told of an open snapshot as it registered.</summary>
    Newcomers,

    /// <summary>A marker of an ended snapshot was delivered.</summary>
    LateMarkers,

    /// <summary>Markers became void before they were acknowledged.</summary>
    VoidFrames,

    /// <summary>An early frame found the hold-back buffer full.</summary>
    HoldBackOverflows,

    /// <summary>A caller found the window full.</summary>
    FullWindows,

    /// <summary>A recording outgrew its limit.</summary>
    RecordingOverflows,

    /// <summary>Money came back.</summary>
    ReturnedMoney,

    /// <summary>A request came again after it was decided.</summary>
    RepeatedRequests,

    /// <summary>A directory shard was lost.</summary>
    LostShards,

    /// <summary>A journal had entries after its checkpoint.</summary>
    Entries,

    /// <summary>A restore was completed.</summary>
    Restores,

    /// <summary>A restore was aborted.</summary>
    AbortedRestores,

    /// <summary>A completed restore delivered messages that were in transit.</summary>
    RedeliveredMessages,

    /// <summary>A process, a shard or the index crashed while a restore closed or applied.</summary>
    CrashesInsideRestores,

    /// <summary>A write took effect after its writer was told that it failed.</summary>
    LateWrites,

    /// <summary>A journal was damaged.</summary>
    DamagedJournals,

    /// <summary>A snapshot was aborted at once, since a process that it needed was damaged.</summary>
    AbortedByDamage,

    /// <summary>A restore gave a damaged process its part.</summary>
    RepairedProcesses,

    /// <summary>A process found itself damaged when its part of a restore came, and stayed so.</summary>
    UnappliedParts,

    /// <summary>A process was still damaged at the end, since no snapshot could be restored.</summary>
    DamageLeft,

    /// <summary>An activation that another one had overtaken answered a reader.</summary>
    StaleReads,

    /// <summary>A process rested.</summary>
    Rests,

    /// <summary>A shard reported for a process at rest.</summary>
    ReportsAtRest,

    /// <summary>A snapshot referred to rows of processes at rest that were copied for an earlier one.</summary>
    SharedRests,

    /// <summary>The counts of processes at rest did not balance for a while, and they were looked up.</summary>
    RestsResolved,

    /// <summary>A process at rest was awake again while a snapshot was open that its shard had reported for it.</summary>
    AwakeInsideSnapshots,

    /// <summary>A client dropped an answer of an epoch that was over.</summary>
    DroppedAnswers,
}
