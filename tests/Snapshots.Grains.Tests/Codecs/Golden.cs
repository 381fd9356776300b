using Snapshots.Detection;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>One value of each type that is stored or sent, fixed for good, and the bytes that it must have.</summary>
internal static class Golden
{
    private static readonly SnapshotSummary Summary = new(
        new("s-1"), new(7), Epoch.First, SnapshotStatus.Aborted, Given.Alice, TimeSpan.FromSeconds(60),
        0, 1000, 2, 3, 4, "by hand")
    {
        Origin = SnapshotOrigin.Schedule,
        Pinned = true,
        Bytes = 700,
    };

    private static readonly SnapshotSchedule Schedule = new(TimeSpan.FromMinutes(1), 10, TimeSpan.FromDays(7));

    private static readonly RestoreSummary Restore = new(
        new(3), new("s-1"), new(7), Epoch.First, RestoreStatus.Completed, "a test", TakesSafety: true, 1000)
    {
        Safety = new("safety-3"),
        FromEpoch = new(1),
        ToEpoch = new(2),
        Counts = new(4, 5, 6, 7),
        EndedAtMs = 2000,
        Failure = "none",
    };

    /// <summary>The bytes by name, out of <c>golden.txt</c>.</summary>
    public static IReadOnlyDictionary<string, string> Bytes { get; } = File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "golden.txt"))
        .Select(line => line.Split(' '))
        .ToDictionary(parts => parts[0], parts => parts[1]);

    /// <summary>What the Orleans serializer writes.</summary>
    public static IReadOnlyDictionary<string, object> Values { get; } = new Dictionary<string, object>
    {
        ["process-id"] = Given.Alice,
        ["snapshot-id"] = new SnapshotId("s-1"),
        ["snapshot-number"] = new SnapshotNumber(300),
        ["epoch"] = Epoch.First,
        ["message-count"] = new MessageCount(5),
        ["frame-number"] = new FrameNumber(6),
        ["channel-count"] = new ChannelCount(Given.Bob, new(5)),
        ["announcement"] = Given.Announcement(9, 3, 9),
        ["collection-progress"] = new CollectionProgress(1, 2, 3, 4, ["bob"]),
        ["packet"] = new Packet(new byte[] { 1, 2, 3 }),
        ["payload"] = new Payload(new byte[] { 1, 2, 3 }),
        ["registration"] = new Registration(Epoch.First, Given.Announcement(2, 1)),
        ["directory-page"] = new DirectoryPage("letter", [Given.Alice, Given.Bob]),
        ["snapshot-request"] = new SnapshotRequest(new("s-1"), Given.Alice, TimeSpan.FromSeconds(60)),
        ["snapshot-summary"] = Summary,
        ["snapshot-schedule"] = Schedule,
        ["schedule-view"] = new ScheduleView(Schedule, 5000),
        ["snapshot-view"] = new SnapshotView(Summary, new CollectionProgress(1, 2, 3, 4, ["bob"])),
        ["local-report"] = Local().ToWire(),
        ["flight-report"] = Recorded().ToWire(),
        ["channel-report"] = Channel().ToWire(),
        ["overflow-report"] = new OverflowReport(new(7), Epoch.First, Given.Alice, 100).ToWire(),
        ["stored-collector"] = new StoredCollector { Summary = Summary, ElapsedMs = 500, LastProgress = new(1, 2, 3, 4, []) },
        ["stored-part"] = new StoredPart { Epoch = 1, MemberPages = 2, Members = ["alice"], First = "abe", Rests = [new(3, 4, 5, new(6, 7, new(8, 9)), 10)] },
        ["shard-mark"] = new ShardMark
        {
            View = 8,
            Epoch = new(2),
            Members = 3,
            First = Given.Alice,
            Awake = [Given.Bob],
            Sums = new(2, 1, new(5, 6)),
            Versions = [7, 0],
        },
        ["part-pages"] = new PartPages(2, 3) { Rests = 4 },
        ["part-view"] = new PartView(9, new(1, 8, new(1, 2, 3, 4, ["bob"]), 5, [6, 7], [new(8, 9), default], "too long", "noOrphan", Given.Alice) { Bytes = 10, Balance = new(11, 12), Unknown = 13 }),
        ["count-page"] = new CountPage(1, 8, 2, [new(new(Given.Alice, Given.Bob), ChannelEnd.Target, new(5))], 3),
        ["stored-index"] = new StoredIndex
        {
            Epoch = 1,
            Highest = 7,
            Snapshots = [Summary],
            Dropped = [2, 3],
            Schedule = Schedule,
            ScheduleSetAtMs = 1000,
            ScheduleReachedMs = 4000,
        },
        ["stored-row"] = new StoredRow { Content = [1, 2] },
        ["stored-unfinished"] = new StoredUnfinished { Processes = ["alice"], Listings = [77], Pages = 3 },
        ["unfinished-note"] = new UnfinishedNote(Given.Alice, 77, Unfinished: true),
        ["stored-members"] = new StoredMembers { Processes = ["alice", "bob"] },
        ["stored-reports"] = new StoredReports { Reports = [Channel().ToWire()] },
        ["check-result"] = new CheckResult("total", CheckClass.Invariant, Holds: false, Finding: true, ["9 of 10"]),
        ["request-key"] = new RequestKey("rent-1"),
        ["request-key-timed"] = RequestKey.Create(0x0102030405, 0x1112131415161718),
        ["gate"] = new Gate(new(2), new(3), IsOpen: true),
        ["shard-order"] = new ShardOrder(new(new(2), new(3), IsOpen: true), new(7)),
        ["shard-standing"] = new ShardStanding(new(new(2), new(3), IsOpen: true), IsDone: true, new(4, 5, 6), [Given.Alice]),
        ["restore-number"] = new RestoreNumber(3),
        ["restore-request"] = new RestoreRequest(new("s-1"), "a test", TakesSafety: true),
        ["restore-summary"] = Restore,
        ["restore-view"] = new RestoreView(Restore, ["alice"]),
        ["restored-from"] = new RestoredFrom(new(3), new("s-1")),
        ["stored-shard-head"] = new StoredShardHead { Gate = new(new(2), new(3), IsOpen: true), Members = 4, IsApplying = true, Counts = new(4, 5, 6, 7), Closed = 3 },
        ["rest-mark"] = new RestMark(new(2), 5),
        ["rested-report"] = (Local() with { HasRested = true }).ToWire(),
        ["rest-sums"] = new RestSums(2, 1, new(5, 6)),
        ["stored-kept"] = new StoredKept
        {
            Number = 4,
            Epoch = 2,
            First = "alice",
            Awake = ["bob"],
            Sums = new(2, 1, new(5, 6)),
            Versions = [7, 0],
            Copies = [3, 0],
            Bytes = 9,
        },
        ["stored-keeper"] = new StoredKeeper { Last = 4, Snapshots = [1, 2], Numbers = [3, 4], Statuses = [1, 0], Bytes = [9, 0] },
        ["stored-rests"] = new StoredRests
        {
            Processes = ["alice", "bob"],
            Marks = [new(new(2), 5), new(new(2), 6)],
            Reports = [Local().ToWire(), null],
            Version = 8,
        },
        ["stored-directory-page"] = new StoredDirectoryPage { GrainType = "letter", Processes = ["alice"], ByMessage = 1 },
    };

    /// <summary>The report of a process with a flight recorder.</summary>
    public static LocalReport<StatePayload> Recorded() => Local() with
    {
        State = Local().State with
        {
            Flight =
            [
                new(FlightEventKind.Delivered, Given.Bob, 3, 1_700_000_000_000),
                new(FlightEventKind.Cut, default, 7, 1_700_000_000_005),
            ],
        },
    };

    public static LocalReport<StatePayload> Local() => new(
        new(7),
        Epoch.First,
        Given.Alice,
        new(new Payload(new byte[] { 9 }), new Payload(new byte[] { 8, 7 })),
        [new(Given.Bob, new(2))], [new(Given.Bob, new(1)), new(new("carol"), new(3))]);

    public static ChannelReport<Payload> Channel() => new(
        new(7), Epoch.First, Given.Alice, Given.Bob, new(1), [new Payload(new byte[] { 4 }), new Payload(new byte[] { 5, 6 })]);

    /// <summary>
    /// A process with a bit of everything: letters and a marker unacknowledged, a void run, two recordings, a closed
    /// channel.
    /// </summary>
    public static Process<LetterState, Letter> Process()
    {
        var process = Given.Joined(Given.Alice);
        process.Send(Given.Bob, 5);
        process.Learn(Given.Announcement(1, 1));
        process.Initiate(new(1), default);
        process.Learn(Given.Announcement(3, 2, 3));
        process.Initiate(new(2), default);
        process.Receive(process.NextLetter(Given.Bob, 11), default);
        process.Receive(process.NextMarker(Given.Bob, new(2)), default);
        process.Initiate(new(3), default);
        process.Receive(process.NextLetter(new("carol"), 12), default);
        process.Accept(process.UnacceptedReports().OfType<LocalReport<LetterState>>().First());
        process.Send(Given.Bob, 6);
        return process;
    }

    public static PacketContent<Letter> Packet()
    {
        var channel = new ChannelId(Given.Alice, Given.Bob);
        return new(
            [
                new(channel, Epoch.First, new(4), new(4), new MessageContent<Letter>(new(3), new Letter(50)), new(1)),
                new(channel, Epoch.First, new(5), new(5), new MarkerContent<Letter>(new(7), new(3)), new(1)),
                new(channel, Epoch.First, new(6), new(300), new VoidContent<Letter>(), new(1)),
            ],
            [
                new(new(Given.Bob, new("carol")), Epoch.First, new(12), new MessageDigest(0x0102030405060708))
                {
                    Recording = [new(7), new(9)],
                },
            ],
            [new(Given.Bob, new(2))]);
    }
}
