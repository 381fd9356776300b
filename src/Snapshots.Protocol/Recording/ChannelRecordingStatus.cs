namespace Snapshots.Protocol;

/// <summary>How far the recording of one incoming channel is.</summary>
public enum ChannelRecordingStatus
{
    /// <summary>The channel's marker has not come: messages on it are recorded.</summary>
    Recording,

    /// <summary>The marker has come; the messages wait to be accepted by the collector.</summary>
    Closed,

    /// <summary>The marker has come and nothing is left to report.</summary>
    Settled,
}
