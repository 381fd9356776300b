namespace Snapshots.Simulator;

/// <summary>
/// Draws what the storage does to a run besides refusing writes, and the activations that only read. It draws from a
/// stream of its own, so the other operations of a seed are what they would be without it.
/// </summary>
internal static class StorageFaults
{
    public static Profile Draw(ulong seed, Profile profile, int processes, List<Operation> operations)
    {
        var random = SplitMix64.For(seed, 2, 0);
        if (random.Chance(512)) profile = profile with { LateWrite = random.Between(1, 60) };
        if (random.Chance(100)) profile = profile with { GivesUp = random.Between(100, 700) };
        if (random.Chance(50)) return MakeQuiet(ref random, profile, operations);
        if (random.Chance(170)) DrawDamage(ref random, profile, processes, operations);
        if (random.Chance(250)) DrawReaders(ref random, profile, processes, operations);
        return profile;
    }

    /// <summary>A run in which a process that sleeps with a late write is not brought back by anything else.</summary>
    private static Profile MakeQuiet(ref SplitMix64 random, Profile profile, List<Operation> operations)
    {
        operations.RemoveAll(each => each.Kind is not (OperationKind.Request or OperationKind.OpenChannel or OperationKind.Read));
        return profile with { GivesUp = 1024, LateWrite = random.Between(60, 250) };
    }

    /// <summary>
    /// Often there is an early snapshot to restore, one that needs the damaged process, and a restore while all may fail,
    /// which the damage may meet as it closes or applies.
    /// </summary>
    private static void DrawDamage(ref SplitMix64 random, Profile profile, int processes, List<Operation> operations)
    {
        if (random.Chance(700))
        {
            operations.Add(new(
                random.Between(4, profile.HorizonMs / 3), OperationKind.BeginSnapshot, random.Below(profile.Processes), 0, 0, 0, operations.Count));
        }

        var damages = random.Between(1, 2);
        for (var index = 0; index < damages; index++)
        {
            var at = random.Between(profile.HorizonMs / 2, profile.HorizonMs);
            operations.Add(new(
                at, OperationKind.Damage, random.Below(processes), 0, random.Below(1000), random.Below(30), operations.Count));
            if (random.Chance(600))
            {
                operations.Add(new(
                    Math.Max(4, at - 40 + random.Below(100)), OperationKind.BeginSnapshot, random.Below(profile.Processes), 0, 0, 0, operations.Count));
            }

            if (random.Chance(500))
            {
                operations.Add(new(Math.Max(4, at - 60 + random.Below(160)), OperationKind.Restore, 0, 0, random.Below(4), 0, operations.Count));
            }
        }
    }

    private static void DrawReaders(ref SplitMix64 random, Profile profile, int processes, List<Operation> operations)
    {
        var at = random.Between(2, profile.HorizonMs);
        var process = random.Below(processes);
        operations.Add(new(at, OperationKind.LeaveReader, process, 0, 0, 0, operations.Count));
        for (var read = 0; read < 6; read++)
        {
            var reader = random.Below(profile.Processes);
            operations.Add(new(at + random.Below(150), OperationKind.Read, process, reader, 0, 0, operations.Count));
        }
    }
}
