using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Makes the plan of a seed. The kind of run is drawn first, so that runs differ in kind and not only in order.
/// </summary>
internal static class PlanGenerator
{
    private const int MaxNewcomers = 2;

    public static Plan Create(ulong seed)
    {
        var random = SplitMix64.For(seed, 1, 0);
        var profile = DrawProfile(ref random);
        var processes = profile.Processes + random.Below(MaxNewcomers + 1);
        var operations = new List<Operation>();
        DrawRequests(ref random, profile, processes, operations);
        DrawSnapshots(ref random, profile, operations);
        DrawFaults(ref random, profile, processes, operations);
        profile = DrawRestores(ref random, profile, processes, operations);
        profile = StorageFaults.Draw(seed, profile, processes, operations);
        profile = DrawRests(seed, profile, processes, operations);
        var ordered = operations.OrderBy(each => each.AtMs).ThenBy(each => each.Key);
        return new(seed, profile, [.. ordered]);
    }

    private static Profile DrawProfile(ref SplitMix64 random)
    {
        var (window, heldBack, recorded) = (random.Between(1, 5), random.Between(1, 4), random.Chance(100) ? random.Between(1, 3) : 1000);
        var firstPause = random.Between(8, 25);
        var processes = random.Between(2, 4);
        return new Profile
        {
            Processes = processes,
            Settled = random.Chance(400) ? random.Below(processes + 1) : processes,
            Opening = random.Chance(700) ? ChannelOpening.Pair : ChannelOpening.Directed,
            Epoch = new(random.Between(1, 3)),
            Limits = new()
            {
                Window = window,
                MaxHeldBackFrames = heldBack,
                MaxRecordedMessages = recorded,
                MaxOpenRecordings = 8,
                FirstResendPauseMs = firstPause,
                MaxResendPauseMs = firstPause * 4,
                MaxFramesPerResend = random.Between(1, 8),
            },
            Participant = new()
            {
                TickMs = 12,
                KeepAliveMs = 40,
                RestMs = random.Between(4, 40),
                ReportPause = new(60, 240),
                GatePause = new(15, 60),
                MinCheckpointBytes = random.Between(1, 4),
                CheckpointFactor = 1,
                MaxEntries = random.Between(1, 6),
                TakesEntries = !random.Chance(128),
                Markers = random.Chance(512) ? MarkerPolicy.Owed : MarkerPolicy.EveryChannel,
            },
            Loss = Level(ref random, 250),
            Repetition = Level(ref random, 200),
            Delay = Level(ref random, 250),
            MaxTravelMs = random.Between(1, 12),
            MaxDelayMs = random.Between(15, 80),
            SlowWrite = Level(ref random, 400),
            MaxWriteMs = random.Between(5, 50),
            FailedWrite = Level(ref random, 60),
            UnknownWrite = Level(ref random, 60),
            HorizonMs = random.Between(120, 260),
        };
    }

    /// <summary>Half of all runs know nothing of a kind of fault; the others more or less of it.</summary>
    private static int Level(ref SplitMix64 random, int most) => random.Chance(512) ? 0 : random.Between(1, most);

    private static void DrawRequests(ref SplitMix64 random, Profile profile, int processes, List<Operation> operations)
    {
        for (var process = 0; process < profile.Processes; process++)
        {
            operations.Add(new(random.Below(4), OperationKind.Request, process, process, random.Between(50, 300), 0, operations.Count));
        }

        var requests = random.Between(4, 14);
        for (var index = 0; index < requests; index++)
        {
            var process = random.Below(processes);
            var other = random.Chance(60) ? process : random.Below(processes);
            var at = random.Below(profile.HorizonMs * 3 / 4);
            operations.Add(new(at, OperationKind.Request, process, other, random.Between(1, 140), 0, operations.Count));
        }

        if (profile.Opening == ChannelOpening.Directed || random.Chance(200)) DrawPairs(ref random, OperationKind.OpenChannel, random.Below(3), profile, processes, operations);
    }

    private static void DrawSnapshots(ref SplitMix64 random, Profile profile, List<Operation> operations)
    {
        var snapshots = random.Between(1, 3);
        for (var number = 1; number <= snapshots; number++)
        {
            var timeout = random.Chance(200) ? random.Between(20, 150) : 0;
            var at = random.Between(4, profile.HorizonMs * 2 / 3);
            operations.Add(new(at, OperationKind.BeginSnapshot, random.Below(profile.Processes), 0, 0, timeout, operations.Count));
            if (random.Chance(120)) operations.Add(new(at + random.Below(50), OperationKind.AbortSnapshot, 0, 0, number, 0, operations.Count));
            if (random.Chance(400)) operations.Add(new(at + random.Below(60), OperationKind.CrashCollector, 0, 0, number, 0, operations.Count));
            if (random.Chance(150)) operations.Add(new(at + random.Below(60), OperationKind.DeleteSnapshot, 0, 0, number, 0, operations.Count));
        }
    }

    private static void DrawFaults(ref SplitMix64 random, Profile profile, int processes, List<Operation> operations)
    {
        var crashes = random.Chance(512) ? 0 : random.Between(1, 4);
        for (var index = 0; index < crashes; index++)
        {
            operations.Add(new(
                random.Between(2, profile.HorizonMs), OperationKind.Crash, random.Below(processes), 0, 0, random.Below(30), operations.Count));
        }

        if (random.Chance(512))
        {
            operations.Add(new(
                random.Between(2, profile.HorizonMs / 2), OperationKind.CrashWithReport, random.Below(processes), 0, 0, random.Below(30), operations.Count));
        }

        if (random.Chance(250)) DrawPairs(ref random, OperationKind.Duplicate, random.Between(1, 2), profile, processes, operations);
        if (random.Chance(250)) DrawPairs(ref random, OperationKind.Clog, random.Between(1, 3), profile, processes, operations);
        if (random.Chance(250)) DrawPairs(ref random, OperationKind.Cut, random.Between(1, 3), profile, processes, operations);
        var crashesAtWrites = random.Chance(512) ? 0 : random.Between(1, 2);
        for (var index = 0; index < crashesAtWrites; index++)
        {
            operations.Add(new(
                random.Below(profile.HorizonMs * 3 / 4), OperationKind.CrashAtWrite, random.Below(processes), 0, random.Below(2), random.Below(30), operations.Count));
        }

        if (random.Chance(300)) DrawShards(ref random, OperationKind.CrashShard, random.Between(1, 2), profile, operations);
        if (random.Chance(512)) DrawShards(ref random, OperationKind.DuplicateShard, random.Between(1, 3), profile, operations);
        if (profile.Epoch > Epoch.First && random.Chance(300))
        {
            DrawPairs(ref random, OperationKind.OldFrame, random.Below(3), profile, processes, operations);
            DrawPairs(ref random, OperationKind.OldAcknowledgement, random.Below(3), profile, processes, operations);
            DrawPairs(ref random, OperationKind.OldReport, random.Below(3), profile, processes, operations);
        }
    }

    /// <summary>
    /// One run in three has restores, and the time for them; what surrounds them crashes more often than elsewhere.
    /// </summary>
    private static Profile DrawRestores(ref SplitMix64 random, Profile profile, int processes, List<Operation> operations)
    {
        if (!random.Chance(350)) return profile;
        var longer = profile with { HorizonMs = profile.HorizonMs + random.Between(80, 300) };
        var restores = random.Between(1, 3);
        for (var index = 0; index < restores; index++)
        {
            var at = random.Between(profile.HorizonMs / 4, longer.HorizonMs);
            operations.Add(new(at, OperationKind.Restore, 0, 0, random.Below(4), 0, operations.Count));
            if (random.Chance(150)) operations.Add(new(at + random.Below(60), OperationKind.AbortRestore, 0, 0, 0, 0, operations.Count));
            if (random.Chance(300)) operations.Add(new(at + random.Below(80), OperationKind.CrashIndex, 0, 0, 0, 0, operations.Count));
            if (random.Chance(300))
            {
                var (kind, process) = (random.Chance(512) ? OperationKind.Crash : OperationKind.Duplicate, random.Below(processes));
                operations.Add(new(at + random.Below(100), kind, process, 0, 0, random.Below(30), operations.Count));
            }

            if (random.Chance(300))
            {
                var (kind, shard) = (random.Chance(512) ? OperationKind.CrashShard : OperationKind.DuplicateShard, random.Below(World.ShardCount));
                operations.Add(new(at + random.Below(100), kind, 0, 0, shard, random.Below(40), operations.Count));
            }

            if (random.Chance(400))
            {
                operations.Add(new(
                    at + random.Below(120), OperationKind.BeginSnapshot, random.Below(profile.Processes), 0, 0, 0, operations.Count));
            }

            for (var read = 0; read < 4; read++)
            {
                operations.Add(new(at + random.Below(150), OperationKind.Read, random.Below(processes), 0, 0, 0, operations.Count));
            }
        }

        return longer;
    }

    /// <summary>
    /// Where markers are owed, processes rest in two runs of three. Half of these have a time in which most are at rest,
    /// with snapshots, transfers and losses of shards close together.
    /// </summary>
    private static Profile DrawRests(ulong seed, Profile profile, int processes, List<Operation> operations)
    {
        var random = SplitMix64.For(seed, 3, 0);
        if (profile.Markers != MarkerPolicy.Owed || random.Chance(340)) return profile;
        var restless = profile with { Participant = profile.Participant with { RestAfterMs = random.Between(2, 40) } };
        if (random.Chance(512)) return restless;
        var longer = restless with
        {
            HorizonMs = profile.HorizonMs + random.Between(150, 300),
            FailedWrite = random.Chance(512) ? random.Between(20, 150) : profile.FailedWrite,
        };
        for (var at = profile.HorizonMs + random.Below(40); at < longer.HorizonMs - 20; at += random.Between(30, 80))
        {
            // A process records all that are open, those of restores too.
            if (operations.Count(each => each.Kind is OperationKind.BeginSnapshot or OperationKind.Restore) >= profile.Limits.MaxOpenRecordings - 2) break;
            operations.Add(new(at, OperationKind.BeginSnapshot, random.Below(profile.Processes), 0, 0, 0, operations.Count));
            for (var requests = random.Between(1, 2); requests > 0; requests--)
            {
                var process = random.Below(processes);
                var other = (process + 1 + random.Below(processes - 1)) % processes;
                operations.Add(new(
                    at + random.Below(16), OperationKind.Request, process, other, random.Between(1, 40), 0, operations.Count));
            }

            if (!random.Chance(400)) continue;
            var (kind, shard) = (random.Chance(400) ? OperationKind.CrashShard : OperationKind.DuplicateShard, random.Below(World.ShardCount));
            operations.Add(new(at + random.Below(10), kind, 0, 0, shard, random.Below(30), operations.Count));
        }

        return longer;
    }

    private static void DrawPairs(
        ref SplitMix64 random, OperationKind kind, int count, Profile profile, int processes, List<Operation> operations)
    {
        for (var index = 0; index < count; index++)
        {
            var process = random.Below(processes);
            var other = (process + 1 + random.Below(processes - 1)) % processes;
            operations.Add(new(
                random.Between(2, profile.HorizonMs), kind, process, other, random.Below(1000), random.Between(10, 80), operations.Count));
        }
    }

    private static void DrawShards(ref SplitMix64 random, OperationKind kind, int count, Profile profile, List<Operation> operations)
    {
        for (var index = 0; index < count; index++)
        {
            operations.Add(new(
                random.Between(2, profile.HorizonMs), kind, 0, 0, random.Below(World.ShardCount), random.Below(40), operations.Count));
        }
    }
}
