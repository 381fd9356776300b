using System.Diagnostics;

namespace Snapshots.Faults.Tests;

/// <summary>Waits for what other processes do.</summary>
internal static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again and again until something holds; fails after far more time than it takes.</summary>
    public static async Task<TimeSpan> UntilAsync(string what, Func<Task<bool>> holds, int seconds = 60)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > TimeSpan.FromSeconds(seconds))
                Assert.Fail($"not within {seconds} s: {what}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }

        return Stopwatch.GetElapsedTime(startedAt);
    }
}
