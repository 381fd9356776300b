using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Some processes that have rested, as their shard stores them and hands them out; see <see cref="RestRow"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-rests")]
public sealed class StoredRests
{
    /// <summary>The processes, in ordinal order.</summary>
    [Id(0)]
    public ImmutableArray<string> Processes { get; set; } = [];

    /// <summary>The last rest of each, at the same place.</summary>
    [Id(1)]
    public ImmutableArray<RestMark> Marks { get; set; } = [];

    /// <summary>What each reports while it rests; none of one that may be awake.</summary>
    [Id(2)]
    public ImmutableArray<ReportSurrogate?> Reports { get; set; } = [];

    /// <summary>How often the row was written.</summary>
    [Id(3)]
    public long Version { get; set; }

    /// <summary>The form of a row.</summary>
    public static StoredRests Of(RestRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new()
        {
            Processes = [.. row.Entries.Select(entry => entry.Process.Value)],
            Marks = [.. row.Entries.Select(entry => entry.Mark)],
            Reports = [.. row.Entries.Select(entry => entry.Report?.ToWire())],
            Version = row.Version,
        };
    }

    /// <summary>The row.</summary>
    public RestRow ToRow() => new(
        [.. Processes.Select((process, place) => new RestEntry(new(process), Marks[place], (LocalStateReport?)Reports[place]?.FromWire()))])
    {
        Version = Math.Max(Version, 1), // A row of a build without versions has none, and 0 stands for no row.
    };
}
