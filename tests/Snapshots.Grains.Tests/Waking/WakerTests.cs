using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Snapshots.Grains.Tests;

public sealed class WakerTests
{
    [Fact]
    public async Task A_damaged_process_is_not_woken_again_and_again()
    {
        var (damaged, sound) = (GrainId.Create("letters", "damaged"), GrainId.Create("letters", "sound"));
        var (time, woken) = (new ManualTime(), Channel.CreateUnbounded<GrainId>());
        using var stopping = new SiloStopping();
        var grains = GrainStub.Create<IGrainFactory>((_, keys) => GrainStub.Create<ISnapshotProcess>((_, _) =>
        {
            var process = (GrainId)keys[0]!;
            woken.Writer.TryWrite(process);
            return process == damaged
                ? Task.FromException<bool>(new DamagedStateException(process, "entry 7 is missing"))
                : Task.FromResult(false);
        }));
        var waker = new Waker(
            grains,
            new SnapshotApplications(Options.Create(new GrainTypeOptions())),
            GrainStub.Create<IClusterMembershipService>((_, _) => null),
            time,
            stopping,
            new(time, NullLogger<CallFailures>.Instance),
            NullLogger<Waker>.Instance);
        foreach (var process in new[] { damaged, sound })
        {
            waker.WakeLater(process, lastWrite: Task.CompletedTask);
            time.Advance(await time.NextTimerAsync());
            Assert.Equal(process, await woken.Reader.ReadAsync(TestContext.Current.CancellationToken));
        }
    }

    /// <summary>Else a failure of the membership would end the recovery of this silo for good.</summary>
    [Fact]
    public async Task A_membership_that_cannot_be_watched_is_watched_again_after_a_pause()
    {
        var time = new ManualTime();
        using var stopping = new SiloStopping();
        var tries = 0;
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var membership = GrainStub.Create<IClusterMembershipService>((_, _) =>
        {
            if (++tries == 2) again.SetResult();
            throw new IOException();
        });
        Func<CancellationToken, Task>? start = null;
        var waker = new Waker(
            GrainStub.Create<IGrainFactory>((_, _) => null),
            new SnapshotApplications(Options.Create(new GrainTypeOptions())),
            membership,
            time,
            stopping,
            new(time, NullLogger<CallFailures>.Instance),
            NullLogger<Waker>.Instance);
        waker.Participate(GrainStub.Create<ISiloLifecycle>((_, arguments) =>
        {
            start = ((ILifecycleObserver)arguments[^1]!).OnStart;
            return null;
        }));
        await start!(TestContext.Current.CancellationToken);
        time.Advance(await time.NextTimerAsync());
        await again.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
