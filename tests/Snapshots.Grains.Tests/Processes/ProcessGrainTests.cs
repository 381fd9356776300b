using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class ProcessGrainTests(ProcessCluster cluster) : IClassFixture<ProcessCluster>
{
    [Theory]
    [InlineData(FaultKind.Before, 1)]
    [InlineData(FaultKind.After, 2)]
    [InlineData(FaultKind.Conflict, 1)]
    public async Task A_step_whose_write_fails_is_reported_and_the_process_goes_on_from_what_is_stored(FaultKind fault, int expected)
    {
        var (from, to) = ($"f-{fault}", $"t-{fault}");
        await cluster.OpenAsync(from, to);
        cluster.Storage.Fail("process", LetterCluster.Is(cluster.Letters(from)), fault);
        await Assert.ThrowsAsync<NotPersistedException>(() => cluster.Letters(from).SendAsync(new(to), 7));
        await SendAsync(from, to, 7);
        await cluster.UntilTakenAsync(to, [.. Enumerable.Repeat(7L, expected)]);
    }

    [Fact]
    public async Task A_step_that_others_rest_on_takes_them_along_when_its_write_fails()
    {
        await cluster.OpenAsync("b-from", "b-to");
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("b-from")), FaultKind.Before);
        var first = cluster.Letters("b-from").SendAsync(new("b-to"), 1);
        await held.Hit;
        var second = cluster.Letters("b-from").SendAsync(new("b-to"), 2);
        Assert.Equal(1000, (await cluster.Letters("b-from").GetAsync()).Balance); // Neither is shown.
        held.Release();
        await Assert.ThrowsAsync<NotPersistedException>(() => first);
        await SettledAsync(second);
        await SendAsync("b-from", "b-to", 3);
        await LetterCluster.UntilAsync(async () => (await cluster.Letters("b-to").GetAsync()).Taken.Contains(3), "what is sent later arrives");
        Assert.DoesNotContain(1, (await cluster.Letters("b-to").GetAsync()).Taken);
    }

    [Theory]
    [InlineData(FaultKind.Before)]
    [InlineData(FaultKind.After)]
    public async Task A_delivery_whose_write_fails_is_delivered_once(FaultKind fault)
    {
        var (from, to) = ($"df-{fault}", $"dt-{fault}");
        await cluster.OpenAsync(from, to);
        var failed = cluster.Storage.Fail("process", LetterCluster.Is(cluster.Letters(to)), fault);
        for (var amount = 1; amount <= 5; amount++) await cluster.Letters(from).SendAsync(new(to), amount);
        await failed.Hit;
        await cluster.UntilTakenAsync(to, 1, 2, 3, 4, 5);
    }

    [Fact]
    public async Task A_newcomer_whose_first_write_fails_is_registered_once_and_goes_on()
    {
        cluster.Storage.Fail("process", LetterCluster.Is(cluster.Letters("n-first")), FaultKind.Before);
        await Assert.ThrowsAsync<NotPersistedException>(() => cluster.Letters("n-first").DepositAsync(5));
        await RetryAsync(() => cluster.Letters("n-first").DepositAsync(6));
        Assert.Equal(6, (await cluster.Letters("n-first").GetAsync()).Balance);
        Assert.Single(await cluster.Snapshots.ListProcessesAsync(), process => process.Value == "n-first");
    }

    [Fact]
    public async Task A_process_that_leaves_inside_a_snapshot_goes_on_with_it()
    {
        await cluster.OpenAsync("l-1", "l-2", "l-3");
        await using var blocked = await BlockAsync("l-3");
        await cluster.BeginAsync("s-leave");
        await RecordedAsync("s-leave", "l-1", "l-2");
        await cluster.Letters("l-1").LeaveAsync();
        await cluster.Letters("l-2").LeaveAsync();
        await cluster.Letters("l-1").SendAsync(new("l-2"), 3);
        await blocked.DisposeAsync();
        await cluster.ProveAsync(await cluster.EndOfAsync("s-leave"));
        await cluster.UntilTakenAsync("l-2", 3);
        await ForgottenAsync();
    }

    /// <summary>
    /// (1) A process with a recording learns something that is not written at once. (2) It leaves; its last write
    /// brings its watch entry back, in the name of an activation that is gone. (3) The snapshot ends; the next
    /// activation is told before its timer ticks, and removes only its own entry. The silo would tell the process for
    /// ever.
    /// </summary>
    [Fact]
    public async Task The_last_write_of_a_process_that_leaves_does_not_put_it_back_on_the_watch()
    {
        await cluster.OpenAsync("w-1", "w-2");
        await using var blocked = await BlockAsync("w-2");
        await cluster.BeginAsync("s-watch");
        await RecordedAsync("s-watch", "w-1");
        Assert.Contains(cluster.Letters("w-1").GetGrainId(), Watched().Select(each => each.Grain));
        var context = cluster.ContextOf("w-1");
        var highest = (await cluster.Index.GetAnnouncementAsync()).Announcement.Highest.Value;
        await cluster.Process("w-1").LearnAsync(Given.Announcement(highest + 1, highest, highest + 1));
        await cluster.Letters("w-1").LeaveAsync();
        await context.Deactivated.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(context.GrainId, Watched().Select(each => each.Grain));
        await blocked.DisposeAsync();
        await cluster.EndOfAsync("s-watch");
        await ForgottenAsync();
    }

    [Fact]
    public async Task A_process_that_leaves_with_frames_under_way_is_woken_and_sends_them_again()
    {
        await cluster.OpenAsync("u-from", "u-to");
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("u-to")), FaultKind.Before);
        await cluster.Letters("u-from").SendAsync(new("u-to"), 4);
        await held.Hit;
        await cluster.Letters("u-from").LeaveAsync();
        held.Release(); // The delivery is lost with its write.
        await cluster.UntilTakenAsync("u-to", 4);
    }

    [Fact]
    public async Task An_activation_that_is_stale_ends_at_the_first_fault()
    {
        await cluster.OpenAsync("stale");
        var changed = Given.Joined(new("stale"));
        changed.Apply(new(new LetterState(5555, 5555, [])), default);
        var journal = cluster.Journals.Open(cluster.Letters("stale").GetGrainId());
        await journal.ReadAsync();
        await journal.ReplaceAsync(Given.RecordCodec.Encode(changed.TakeRecord(0)));
        Assert.Equal(1000, (await cluster.Letters("stale").GetAsync()).Balance);
        await PublishFaultAsync("stale");
        await LetterCluster.UntilAsync(async () => await BalanceAsync("stale") == 5555, "it is reloaded");
    }

    [Fact]
    public async Task A_fault_that_the_storage_agrees_with_ends_nothing()
    {
        await cluster.OpenAsync("sound");
        for (var fault = 0; fault < 5; fault++)
        {
            await PublishFaultAsync("sound");
            await cluster.Letters("sound").DepositAsync(1);
        }

        Assert.Equal(1005, await BalanceAsync("sound"));
    }

    [Fact]
    public async Task A_newcomer_inside_a_snapshot_records_it_before_its_first_event()
    {
        await cluster.OpenAsync("o-1");
        await using var blocked = await BlockAsync("o-1");
        await cluster.BeginAsync("s-newcomer");
        await LetterCluster.UntilAsync(
            async () => (await cluster.Snapshots.GetAsync(new("s-newcomer")))!.Progress.ProcessesExpected > 0, "the directory is marked");
        await cluster.Letters("o-new").DepositAsync(500);
        await cluster.Letters("o-new").SendAsync(new("o-1"), 20);
        await blocked.DisposeAsync();
        var state = await cluster.ProveAsync(await cluster.EndOfAsync("s-newcomer"));
        var newcomer = state.Processes.Where(process => process.Id.Value == "o-new");
        Assert.All(newcomer, process => Assert.Equal(LetterState.Empty.Balance, process.State.Balance));
        Assert.DoesNotContain(state.Channels, channel => channel.Channel.Source.Value == "o-new" && channel.Sent > default(MessageCount));
        await ForgottenAsync();
    }

    [Fact]
    public async Task A_process_that_is_told_of_snapshots_before_it_joined_has_nothing_to_learn_and_stays_unregistered()
    {
        await cluster.Process("never").LearnAsync(Given.Announcement(900, 900));
        await LetterCluster.DeactivateAsync(cluster.Letters("never"));
        Assert.Equal(LetterState.Empty.Balance, (await cluster.Letters("never").GetAsync()).Balance);
        Assert.Equal(0, cluster.WritesOf("never"));
        Assert.DoesNotContain(new ProcessId("never"), await cluster.Snapshots.ListProcessesAsync());
    }

    /// <summary>
    /// Publishes an acknowledgement of what was never sent, and a notice, so that the process commits.
    /// </summary>
    private Task PublishFaultAsync(string id)
    {
        var self = new ProcessId(id);
        var content = new PacketContent<Letter>(
            [], [new(new ChannelId(self, new("no-one")), Epoch.First, new(9), default)], [new EpochNotice(self, Epoch.First)]);
        return cluster.Silo.GetRequiredKeyedService<IStreamProvider>(SnapshotsOptions.StreamProvider)
            .GetStream<Packet>(StreamId.Create("snapshots.letters", id))
            .OnNextAsync(new PacketCodec<Letter>(Given.LetterCodec).Encode(self, content));
    }

    private async Task<long> BalanceAsync(string id)
    {
        try
        {
            return (await cluster.Letters(id).GetAsync()).Balance;
        }
        catch (NotPersistedException)
        {
            return -1;
        }
    }

    private static async Task SettledAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (NotPersistedException)
        {
            // Whether it was stored is not known.
        }
    }

    private static Task RetryAsync(Func<Task> action) => LetterCluster.UntilAsync(
        async () =>
        {
            try
            {
                await action();
                return true;
            }
            catch (NotPersistedException)
            {
                return false;
            }
        },
        "a retry succeeds");

    private Task SendAsync(string from, string to, long amount) => RetryAsync(() => cluster.Letters(from).SendAsync(new(to), amount));

    /// <summary>
    /// Holds the next write of a process until it is disposed; until then no report of its recording is sent.
    /// </summary>
    private async Task<Blocked> BlockAsync(string id)
    {
        var rule = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters(id)));
        var step = cluster.Letters(id).DepositAsync(0);
        await rule.Hit;
        return new Blocked(rule, step);
    }

    private Task RecordedAsync(string snapshot, params string[] ids) => LetterCluster.UntilAsync(
        async () =>
        {
            var view = await cluster.Snapshots.GetAsync(new(snapshot));
            var recorded = new HashSet<string>();
            await foreach (var report in cluster.Snapshots.ReadReportsAsync(view!))
            {
                if (report is LocalReport<StatePayload>) recorded.Add(report.Process.Value);
            }

            return ids.All(recorded.Contains);
        },
        $"{string.Join(", ", ids)} have recorded {snapshot}");

    /// <summary>Once a snapshot has ended no activation is watched, and none is told of it.</summary>
    private Task ForgottenAsync() => LetterCluster.UntilAsync(() => Task.FromResult(!Watched().Any()), "no activation is watched");

    private IEnumerable<ILocalProcess> Watched() => cluster.Silo.GetRequiredService<SnapshotWatch>().Activations;
}
