using Orleans.Storage;

namespace Snapshots.Storage;

/// <summary>What a request asks for.</summary>
internal enum WriteKind
{
    /// <summary>Store a state under its key.</summary>
    Put,

    /// <summary>Remove the key's row; no row is fine.</summary>
    Delete,

    /// <summary>Add an entry to a journal.</summary>
    Append,

    /// <summary>Replace a journal by a checkpoint.</summary>
    Replace,

    /// <summary>
    /// Change nothing, but commit: no caller waits for it, it only shows whether a commit is possible.
    /// </summary>
    Probe,
}

/// <summary>
/// One write on its way from its caller to its group. The caller's thread makes it, the writer's thread decides it
/// (<see cref="Decide"/>) and ends it, once, by <see cref="Complete"/> or <see cref="Fail"/>.
/// </summary>
internal sealed class WriteRequest
{
    // The caller goes on elsewhere: its continuation must not hold up the writer.
    private readonly TaskCompletionSource<long?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private const string JournalName = "journal";

    private WriteOutcome _outcome;

    private WriteRequest(WriteKind kind, StorageKey key, long? expectedVersion, byte[] payload)
    {
        Kind = kind;
        Key = key;
        ExpectedVersion = expectedVersion;
        Payload = payload;
    }

    public WriteKind Kind { get; }

    public StorageKey Key { get; }

    /// <summary>
    /// The version that the caller knows; null when it knows of no row. Of a journal it is the tip that the caller
    /// knows, and the number of the write is one more.
    /// </summary>
    public long? ExpectedVersion { get; }

    /// <summary>What is stored; it is not changed again. Empty for a delete and a probe.</summary>
    public byte[] Payload { get; }

    public bool IsConflict => _outcome.IsConflict;

    /// <summary>Ends with the row's new version, or null when the row is gone.</summary>
    public Task<long?> Completion => _completion.Task;

    public static WriteRequest Put(StorageKey key, long? expectedVersion, byte[] payload) =>
        new(WriteKind.Put, key, expectedVersion, payload);

    public static WriteRequest Delete(StorageKey key, long? expectedVersion) =>
        new(WriteKind.Delete, key, expectedVersion, []);

    /// <summary>An append or a replacement under the number <paramref name="tip"/> + 1.</summary>
    public static WriteRequest Journal(WriteKind kind, string process, long tip, byte[] content) =>
        new(kind, new StorageKey(JournalName, process), tip, content);

    public static WriteRequest Probe() => new(WriteKind.Probe, default, expectedVersion: null, []);

    /// <summary>Notes what the transaction made of it; it holds only once that transaction is committed.</summary>
    public void Decide(WriteOutcome outcome) => _outcome = outcome;

    /// <summary>The transaction is committed: hands the outcome to the caller.</summary>
    public void Complete()
    {
        if (_outcome.IsConflict)
            _completion.SetException(Conflict());
        else
            _completion.SetResult(_outcome.Version);
    }

    /// <summary>The transaction failed. An exception for each caller, since each adds its own stack to it.</summary>
    public void Fail(string message, Exception cause)
    {
        if (Kind != WriteKind.Probe)
            _completion.SetException(new StorageUnavailableException(message, cause));
    }

    private InconsistentStateException Conflict()
    {
        var stored = ETag.Format(_outcome.Version);
        var expected = ETag.Format(ExpectedVersion);
        return new InconsistentStateException(
            $"The state {Key.StateName} of grain {Key.GrainId} is stored with etag {stored ?? "none"}, "
                + $"but the writer knows etag {expected ?? "none"}.",
            stored,
            expected);
    }
}
