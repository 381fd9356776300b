using System.Globalization;

namespace Snapshots.Storage;

/// <summary>The health of one storage. Safe for concurrent use.</summary>
internal sealed class StorageHealth(TimeProvider time) : IStorageHealth
{
    /// <summary>A group that is under way for longer has a disk that hangs.</summary>
    public static readonly TimeSpan MaxCommit = TimeSpan.FromSeconds(5);

    /// <summary>No group is under way.</summary>
    private const long Idle = -1;

    private volatile string? _error = "The storage has not started.";
    private long _begunAt = Idle;

    public bool IsAvailable => LastError is null;

    public string? LastError => _error ?? Hanging();

    /// <summary>A group begins; ended by <see cref="Succeeded"/> or <see cref="Failed"/>.</summary>
    public void Began() => Volatile.Write(ref _begunAt, time.GetTimestamp());

    /// <returns>Whether this changed anything.</returns>
    public bool Succeeded()
    {
        Volatile.Write(ref _begunAt, Idle);
        return Interlocked.Exchange(ref _error, null) is not null;
    }

    /// <returns>Whether the storage was available before.</returns>
    public bool Failed(string error)
    {
        Volatile.Write(ref _begunAt, Idle);
        return Interlocked.Exchange(ref _error, error) is null;
    }

    private string? Hanging()
    {
        var begunAt = Volatile.Read(ref _begunAt);
        if (begunAt == Idle || time.GetElapsedTime(begunAt) is var elapsed && elapsed <= MaxCommit) return null;
        return string.Create(
            CultureInfo.InvariantCulture, $"The disk has not finished a write for {elapsed.TotalSeconds:0} s.");
    }
}
