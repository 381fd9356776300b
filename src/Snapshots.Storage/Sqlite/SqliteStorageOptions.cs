using Orleans.Storage;

namespace Snapshots.Storage;

/// <summary>How one SQLite grain storage works. Checked when the silo starts; later changes have no effect.</summary>
public sealed class SqliteStorageOptions : IStorageProviderSerializerOptions
{
    /// <summary>
    /// The data directory, absolute or relative to the current directory; created if there is none. One silo at a time
    /// can hold it. Required unless <see cref="OpenDirectory"/> is set.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>
    /// A data directory that the host has opened already, so as to fail before Orleans starts when it cannot be used.
    /// The storage owns it from the start of the silo and closes it when the silo has stopped. Default: none; the
    /// storage opens <see cref="Directory"/> as the silo starts.
    /// </summary>
    public DataDirectory? OpenDirectory { get; set; }

    /// <summary>
    /// The largest number of writes in one transaction, 1 to 100,000. Default: 1,000. More of them share the wait for
    /// the disk when very many grains write at once; fewer keep the first of them from waiting for the last.
    /// </summary>
    public int MaxGroupSize { get; set; } = 1_000;

    /// <summary>
    /// The largest number of writes that wait for their group, 1 to 1,000,000. Default: 20,000. Callers past it wait
    /// for room before they are queued, in the order in which they came. Larger uses more memory when the disk is slow.
    /// </summary>
    public int MaxQueuedWrites { get; set; } = 20_000;

    /// <summary>
    /// The largest serialized state in bytes, 1 to 536,870,912 (512 MiB). Default: 67,108,864 (64 MiB). A write past it
    /// fails alone with <see cref="InvalidOperationException"/>; one large state holds up the group it is in.
    /// </summary>
    public int MaxStateBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// The number of connections that read, 1 to 64. Default: 4. It is also the number of threads that reading takes at
    /// most; more helps only where there are more processors and the data is not in memory. About 2 MB each.
    /// </summary>
    public int ReadConnections { get; set; } = 4;

    /// <summary>
    /// How long an operation waits while another program, such as a backup, locks the database: 1 to 60 seconds,
    /// rounded up to whole seconds. Default: 5 seconds. Longer outlasts longer locks, while all writes wait.
    /// </summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// What turns states into bytes. Default: the serializer keyed by the storage's name if one is registered, else
    /// that of Orleans, which is compact and fast; JSON would be readable and several times
    /// larger and slower. What was stored by one cannot be read by the other.
    /// </summary>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;
}
