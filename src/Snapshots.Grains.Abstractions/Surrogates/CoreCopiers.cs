using Orleans.Serialization.Cloning;
using Snapshots.Detection;
using Snapshots.Protocol;

namespace Snapshots.Grains;

// Every core type is immutable, so a call within a silo hands it over as it is. Without these Orleans would copy it by way
// of its wire form: for an announcement or a page of counts that costs more than the call.

[RegisterCopier]
internal sealed class ChannelCountCopier : ShallowCopier<ChannelCount>;

[RegisterCopier]
internal sealed class CheckResultCopier : ShallowCopier<CheckResult>;

[RegisterCopier]
internal sealed class CollectionProgressCopier : ShallowCopier<CollectionProgress>;

[RegisterCopier]
internal sealed class CountPageCopier : ShallowCopier<CountPage>;

[RegisterCopier]
internal sealed class EpochCopier : ShallowCopier<Epoch>;

[RegisterCopier]
internal sealed class FrameNumberCopier : ShallowCopier<FrameNumber>;

[RegisterCopier]
internal sealed class GateCopier : ShallowCopier<Gate>;

[RegisterCopier]
internal sealed class HeardCountsCopier : ShallowCopier<HeardCounts>;

[RegisterCopier]
internal sealed class KeyStandingCopier : ShallowCopier<KeyStanding>;

[RegisterCopier]
internal sealed class MessageCountCopier : ShallowCopier<MessageCount>;

[RegisterCopier]
internal sealed class PartStandingCopier : ShallowCopier<PartStanding>;

[RegisterCopier]
internal sealed class PartViewCopier : ShallowCopier<PartView>;

[RegisterCopier]
internal sealed class ProcessIdCopier : ShallowCopier<ProcessId>;

[RegisterCopier]
internal sealed class RestMarkCopier : ShallowCopier<RestMark>;

[RegisterCopier]
internal sealed class RequestKeyCopier : ShallowCopier<RequestKey>;

[RegisterCopier]
internal sealed class RestoreCountsCopier : ShallowCopier<RestoreCounts>;

[RegisterCopier]
internal sealed class RestoredFromCopier : ShallowCopier<RestoredFrom>;

[RegisterCopier]
internal sealed class RestoreNumberCopier : ShallowCopier<RestoreNumber>;

[RegisterCopier]
internal sealed class RestoreRequestCopier : ShallowCopier<RestoreRequest>;

[RegisterCopier]
internal sealed class RestoreSummaryCopier : ShallowCopier<RestoreSummary>;

[RegisterCopier]
internal sealed class RestoreViewCopier : ShallowCopier<RestoreView>;

[RegisterCopier]
internal sealed class ShardOrderCopier : ShallowCopier<ShardOrder>;

[RegisterCopier]
internal sealed class ShardStandingCopier : ShallowCopier<ShardStanding>;

[RegisterCopier]
internal sealed class SnapshotAnnouncementCopier : ShallowCopier<SnapshotAnnouncement>;

[RegisterCopier]
internal sealed class SnapshotIdCopier : ShallowCopier<SnapshotId>;

[RegisterCopier]
internal sealed class SnapshotNumberCopier : ShallowCopier<SnapshotNumber>;

[RegisterCopier]
internal sealed class SnapshotRequestCopier : ShallowCopier<SnapshotRequest>;

[RegisterCopier]
internal sealed class SnapshotScheduleCopier : ShallowCopier<SnapshotSchedule>;

[RegisterCopier]
internal sealed class SnapshotSummaryCopier : ShallowCopier<SnapshotSummary>;

[RegisterCopier]
internal sealed class SnapshotViewCopier : ShallowCopier<SnapshotView>;
