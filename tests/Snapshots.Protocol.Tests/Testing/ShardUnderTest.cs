namespace Snapshots.Protocol.Tests;

/// <summary>One shard of a directory over rows in memory.</summary>
internal sealed class ShardUnderTest
{
    public const int Shard = 3;
    private static readonly List<ProcessId> Members = [.. Enumerable.Range(0, 4000)
        .Select(number => new ProcessId($"p{number}"))
        .Where(process => Partition.PartOf(process) == Shard)];

    private readonly SortedDictionary<int, ShardPage> _pages = [];

    public ShardUnderTest()
        : this(new SortedDictionary<int, ShardPage>(), [], [], null)
    {
    }

    private ShardUnderTest(
        SortedDictionary<int, ShardPage> pages, Dictionary<int, RegistryRow> rows, Dictionary<int, RestRow> rests, ShardHead? head)
    {
        Rests = rests;
        foreach (var (number, page) in pages) _pages.Add(number, page);
        Rows = new(rows);
        Head = head;
        It = new(Partition, Shard, [.. _pages.Values], Rows, head);
    }

    public static Partition Partition => new(16);

    public DirectoryShard It { get; }

    /// <summary>The rows of the registry that are stored.</summary>
    public Dictionary<int, RegistryRow> Rows { get; }

    /// <summary>The rows of processes at rest that are stored; the next activation has the same.</summary>
    public Dictionary<int, RestRow> Rests { get; }

    /// <summary>The head that is stored.</summary>
    public ShardHead? Head { get; private set; }

    /// <summary>The registry as it is stored.</summary>
    public IEnumerable<(ProcessId Process, WorkToken Token)> Registry => Rows.Values.SelectMany(row => row.Tokens);

    /// <summary>A process that belongs to the shard.</summary>
    public static ProcessId Member(int number) => Members[number];

    /// <summary>An empty shard that is open.</summary>
    public static ShardUnderTest New() => new ShardUnderTest().Opened();

    /// <summary>The next activation, of what is stored.</summary>
    public ShardUnderTest Next() => Next(Head);

    /// <summary>The next activation, where the last write of the head was lost and those of the other rows were not.</summary>
    public ShardUnderTest Next(ShardHead? head) => new(_pages, Rows, Rests, head);

    public ShardUnderTest Opened()
    {
        Fence();
        It.Completed(Take<AskIndexWork>(), Epoch.First, SnapshotAnnouncement.None);
        if (!It.HasBegun) TakeAndComplete(); // Its gate is new.
        Assert.True(It.HasBegun);
        return this;
    }

    /// <summary>Stores what an activation begins with, and reads the rests.</summary>
    public void Fence()
    {
        Complete(Take<WriteShardWork>());
        It.Completed(Take<ReadRestsWork>(), Rests);
    }

    public TWork Take<TWork>()
        where TWork : ShardWork => Assert.IsType<TWork>(It.TakeWork(Given.Start));

    public WriteShardWork TakeAndComplete()
    {
        var write = Take<WriteShardWork>();
        Complete(write);
        return write;
    }

    /// <summary>Does all writes.</summary>
    public void Run()
    {
        while (It.TakeWork(Given.Start) is { } work) Complete(Assert.IsType<WriteShardWork>(work));
    }

    public void Complete(WriteShardWork write)
    {
        foreach (var (number, page) in write.Pages) _pages[number] = page;
        foreach (var (number, row) in write.Rows) Rows[number] = row;
        foreach (var (number, row) in write.Rests) Rests[number] = row;
        Head = write.Head ?? Head;
        It.Completed(write, Given.Start);
    }
}
