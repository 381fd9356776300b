using Snapshots.Samples;

namespace Snapshots.Page.Tests;

/// <summary>Two workers that wait for each other.</summary>
internal static class Locks
{
    /// <summary>Each worker holds a lock of its name, and waits for that of the other.</summary>
    public static async Task DeadlockAsync(TestSilo silo, string one, string other)
    {
        foreach (var worker in new[] { one, other })
        {
            Assert.Null(await silo.Grains.GetGrain<ILocksGrain>(worker).AcquireAsync(new($"lock-{worker}")));
            await HoldsAsync(silo, worker);
        }

        Assert.Null(await silo.Grains.GetGrain<ILocksGrain>(one).AcquireAsync(new($"lock-{other}")));
        Assert.Null(await silo.Grains.GetGrain<ILocksGrain>(other).AcquireAsync(new($"lock-{one}")));
    }

    private static async Task HoldsAsync(TestSilo silo, string worker)
    {
        // The grant is a message: the worker is asked until it has come.
        while ((await silo.Grains.GetGrain<ILocksGrain>(worker).GetAsync()) is not WorkerState { Holds.Length: 1 })
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
    }
}
