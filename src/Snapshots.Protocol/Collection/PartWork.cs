using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>The first of the rows of a part; stored after all other pages of members, and deleted last.</summary>
/// <param name="Epoch">The epoch of the snapshot.</param>
/// <param name="MemberPages">
/// The pages of members, this row's own among them; 0 in a claim, which only says that a life begins to write pages.
/// </param>
/// <param name="Members">The first page of members: a small part needs no other.</param>
public sealed record PartHead(Epoch Epoch, int MemberPages, ImmutableArray<ProcessId> Members)
{
    /// <summary>The number of the life that has written it, among those that have: a later one has a higher number.</summary>
    public int Generation { get; init; }

    /// <summary>The first member in ordinal order, of those at rest, too; <c>default</c> if there is none.</summary>
    public ProcessId First { get; init; }

    /// <summary>What the shards of the part keep for the snapshot; those of which nobody is at rest are left out.</summary>
    public ImmutableArray<PartRests> Rests { get; init; } = [];

    /// <summary>Whether it only says that a life begins to write pages of members.</summary>
    public bool IsClaim => MemberPages == 0;
}

/// <summary>The processes at rest of one directory shard, as a part of a collection refers to them.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Number">The number of its <see cref="KeptRests"/>.</param>
/// <param name="Rows">In how many rows they are kept.</param>
/// <param name="Sums">What they have counted.</param>
/// <param name="Bytes">About what was copied for this snapshot, in bytes.</param>
public sealed record PartRests(int Shard, long Number, int Rows, RestSums Sums, long Bytes);

/// <summary>What a part of a collection wants done.</summary>
/// <param name="IsStorage">
/// Whether it reads or writes a row: one such piece at a time. Of the others, any number.
/// </param>
public abstract record PartWork(bool IsStorage)
{
    /// <summary>
    /// Asks the index what is open, which is told by <c>Learn</c> at once: the snapshot may have been deleted before this
    /// start of it came, and then nothing begins again. Otherwise has the keepers of its shards mark them with that, and
    /// keep their rests; answered by <c>Gathered</c>.
    /// </summary>
    public sealed record Gather() : PartWork(IsStorage: false);

    /// <summary>
    /// Writes a page of members, 1 or higher, over whatever an earlier life has left there. It fails if a later life has
    /// written the page.
    /// </summary>
    public sealed record WriteMembers(int Page, ImmutableArray<ProcessId> Members, int Generation) : PartWork(IsStorage: true)
    {
        /// <summary>Whether it may replace a page of the life with that number.</summary>
        public bool MayReplace(int generation) => generation <= Generation;
    }

    /// <summary>Writes the head.</summary>
    public sealed record WriteHead(PartHead Head) : PartWork(IsStorage: true);

    /// <summary>Writes a page of reports, which must not exist.</summary>
    public sealed record WriteReports(int Page, ImmutableArray<Report> Reports) : PartWork(IsStorage: true);

    /// <summary>Looks whether a row exists; answered by <c>Probed</c>.</summary>
    public sealed record Probe(PartRow Row, int Page) : PartWork(IsStorage: true);

    /// <summary>Deletes a row, if it exists.</summary>
    public sealed record Clear(PartRow Row, int Page) : PartWork(IsStorage: true);

    /// <summary>Has the keepers of its shards drop what they keep for the snapshot alone.</summary>
    public sealed record Drop() : PartWork(IsStorage: true);

    /// <summary>Looks which of these processes are at rest in the snapshot; answered by <c>Found</c>.</summary>
    public sealed record Find(ImmutableArray<ProcessId> Processes) : PartWork(IsStorage: false);

    /// <summary>Asks the index which snapshots have ended; answered by <c>Learn</c> before it is completed.</summary>
    public sealed record Look() : PartWork(IsStorage: false);

    /// <summary>
    /// Asks processes to record; completed when they have answered or have been waited for long enough.
    /// </summary>
    public sealed record Ask(ImmutableArray<ProcessId> Processes) : PartWork(IsStorage: false);

    /// <summary>Asks another part for what it counts, after what was heard of it; answered by <c>Heard</c>.</summary>
    public sealed record Hear(int From, HeardCounts Heard) : PartWork(IsStorage: false);
}

/// <summary>The kinds of rows of a part.</summary>
public enum PartRow
{
    /// <summary>The one head; its page is 0.</summary>
    Head = 0,

    /// <summary>Pages of members, from 1 without a gap.</summary>
    Members = 1,

    /// <summary>Pages of reports, from 0 without a gap.</summary>
    Reports = 2,
}
