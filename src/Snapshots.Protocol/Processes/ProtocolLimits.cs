namespace Snapshots.Protocol;

/// <summary>
/// Every bound of the protocol core, in one place. Nothing in the core grows past what is named here.
/// </summary>
public sealed record ProtocolLimits
{
    /// <summary>The limits that are used when nothing else is said.</summary>
    public static ProtocolLimits Default { get; } = new();

    /// <summary>
    /// Unacknowledged frames per channel beyond which callers may send nothing more on it (default 256). It never holds
    /// back markers nor messages born of a delivery: two full windows that each waited for the other's marker would
    /// deadlock.
    /// </summary>
    public int Window { get; init; } = 256;

    /// <summary>
    /// Early frames that a receiver keeps per channel (default 1024); one more is dropped, and comes again.
    /// </summary>
    public int MaxHeldBackFrames { get; init; } = 1024;

    /// <summary>
    /// Messages that one recording keeps over all its channels (default 100,000); one more aborts the snapshot.
    /// </summary>
    public int MaxRecordedMessages { get; init; } = 100_000;

    /// <summary>
    /// Recordings that a process keeps at a time (default 64). The one who numbers snapshots must not open more.
    /// </summary>
    public int MaxOpenRecordings { get; init; } = 64;

    /// <summary>Milliseconds until an unacknowledged frame is first sent again (default 2000).</summary>
    public int FirstResendPauseMs { get; init; } = 2000;

    /// <summary>Milliseconds to which the pause between two resends grows, by doubling (default 16,000).</summary>
    public int MaxResendPauseMs { get; init; } = 16_000;

    /// <summary>Frames of one channel that are sent again at a time, the oldest first (default 64).</summary>
    public int MaxFramesPerResend { get; init; } = 64;

    /// <summary>The bounds of the memory of keys.</summary>
    public RequestLimits Requests { get; init; } = RequestLimits.Default;

    /// <summary>The pauses between the transmissions of an unacknowledged frame.</summary>
    internal Backoff ResendPause => new(FirstResendPauseMs, MaxResendPauseMs);

    /// <summary>Checks every bound.</summary>
    /// <exception cref="ArgumentException">
    /// A bound is not usable; the message names it and says what it must be.
    /// </exception>
    public void Validate()
    {
        Require(Window >= 1, $"{nameof(Window)} must be at least 1");
        Require(MaxHeldBackFrames >= 1, $"{nameof(MaxHeldBackFrames)} must be at least 1");
        Require(MaxRecordedMessages >= 1, $"{nameof(MaxRecordedMessages)} must be at least 1");
        Require(MaxOpenRecordings >= 1, $"{nameof(MaxOpenRecordings)} must be at least 1");
        Require(FirstResendPauseMs >= 1, $"{nameof(FirstResendPauseMs)} must be at least 1 millisecond");
        Require(MaxResendPauseMs >= FirstResendPauseMs, $"{nameof(MaxResendPauseMs)} must not be below {nameof(FirstResendPauseMs)}");
        Require(MaxFramesPerResend >= 1, $"{nameof(MaxFramesPerResend)} must be at least 1");
        Require(Requests is not null, $"{nameof(Requests)} must be set");
        Requests!.Validate();
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new ArgumentException(rule);
    }
}
