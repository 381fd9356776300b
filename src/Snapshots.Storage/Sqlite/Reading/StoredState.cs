namespace Snapshots.Storage;

/// <summary>A row as it was read.</summary>
/// <param name="Version">The etag; at least 1.</param>
/// <param name="Payload">The serialized state; owned by the caller.</param>
internal sealed record StoredState(long Version, ReadOnlyMemory<byte> Payload);
