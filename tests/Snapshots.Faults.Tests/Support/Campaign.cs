using System.Globalization;

namespace Snapshots.Faults.Tests;

/// <summary>How much is tried: little in a run of all tests, more when it is asked for by the environment.</summary>
internal static class Campaign
{
    /// <summary>
    /// How often each test repeats its faults, <c>SNAPSHOTS_FAULT_ROUNDS</c>; 1 unless told otherwise.
    /// </summary>
    public static int Rounds { get; } = (int)Number("SNAPSHOTS_FAULT_ROUNDS", 1);

    /// <summary>
    /// Where the moments of the faults come from, <c>SNAPSHOTS_FAULT_SEED</c>; the day unless told otherwise.
    /// </summary>
    public static int Seed { get; } = (int)Number("SNAPSHOTS_FAULT_SEED", DateTime.UtcNow.DayOfYear);

    /// <summary>The randomness of one test.</summary>
    public static Random Random(string test)
    {
        Say($"seed {Seed}: repeat with SNAPSHOTS_FAULT_SEED={Seed} SNAPSHOTS_FAULT_ROUNDS={Rounds}, {test}");
#pragma warning disable CA5394 // Not for secrets: for moments that can be repeated.
        return new Random(Seed);
#pragma warning restore CA5394
    }

    /// <summary>
    /// Tells a figure: in the test's output, and in the file <c>SNAPSHOTS_FAULT_REPORT</c> if there is one.
    /// </summary>
    public static void Say(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("SNAPSHOTS_FAULT_REPORT") is { Length: > 0 } file)
            File.AppendAllText(file, $"{TestContext.Current.TestMethod?.MethodName}: {line}\n");
    }

    private static long Number(string variable, long otherwise) =>
        long.TryParse(
            Environment.GetEnvironmentVariable(variable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number)
            ? number
            : otherwise;
}
