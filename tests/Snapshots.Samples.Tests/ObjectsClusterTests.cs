using System.Collections.Concurrent;

namespace Snapshots.Samples.Tests;

public sealed class ObjectsClusterTests(SampleCluster cluster) : IClassFixture<SampleCluster>
{
    private const int Roots = 4;
    private const int MinSteps = 150;
    private const int MaxSteps = 5000;
    private const int MinRemoved = 20;

    private readonly SnapshotClient _snapshots = cluster.Snapshots(ObjectsApplication.Name);
    private readonly GarbageCollector _collector = new(cluster.Grains, cluster.Snapshots(ObjectsApplication.Name));
    private readonly ConcurrentDictionary<ProcessId, bool> _removed = [];
    private int _inTransit;

    [Fact]
    public async Task Under_load_garbage_is_removed_and_nothing_that_a_state_or_a_message_refers_to()
    {
        using var done = new CancellationTokenSource();
        var collector = CollectAsync(done.Token);
        var checker = CheckAsync(done.Token);
        await Task.WhenAll(Enumerable.Range(0, Roots).Select(UseAsync));
        await done.CancelAsync();
        await Task.WhenAll(collector, checker);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_removed.Count} removed, {_inTransit} references were seen in transit");
        Assert.True(_removed.Count >= MinRemoved, $"{_removed.Count} removed");
        Assert.True(_inTransit > 0);

        // What is left is removed when nothing is in transit any longer.
        await SampleCluster.UntilAsync(async () => (await TakeAsync($"quiet-{Guid.NewGuid():N}")).Channels
            .All(channel => channel.Messages.IsEmpty));
        foreach (var each in await _collector.CollectAsync("last", TestContext.Current.CancellationToken))
            _removed[each] = true;
        var last = await TakeAsync("last");
        Assert.Empty(GarbageCheck.Find(last));
        AssertNothingDangles(last, [.. _removed.Keys]);
    }

    [Fact]
    public async Task An_object_that_is_used_again_is_not_removed_on_the_word_of_an_old_cut()
    {
        var (root, used) = (cluster.ObjectOf("guard-root"), cluster.ObjectOf("guard-x"));
        await root.BecomeRootAsync();
        await root.CreateAsync(new("guard-x"));
        await root.CreateAsync(new("guard-y"));
        await root.SendAsync(new("guard-x"), new("guard-y"));
        await SampleCluster.UntilAsync(async () => (await used.GetAsync()).Holds.Length == 1);

        Assert.NotNull(await used.RemoveAsync(ObjectState.Empty));
        Assert.NotNull(await root.RemoveAsync(await root.GetAsync()));
        Assert.NotNull(await root.ForgetAsync(new("guard-x")));
        Assert.Single((await used.GetAsync()).Holds);
    }

    private async Task CollectAsync(CancellationToken done)
    {
        for (var round = 1; !done.IsCancellationRequested; round++)
        {
            foreach (var each in await _collector.CollectAsync($"round-{round}", TestContext.Current.CancellationToken))
                _removed[each] = true;
        }
    }

    /// <summary>What was removed before a cut began is referred to nowhere on it.</summary>
    private async Task CheckAsync(CancellationToken done)
    {
        for (var number = 1; !done.IsCancellationRequested; number++)
        {
            ProcessId[] removed = [.. _removed.Keys];
            var state = await TakeAsync($"check-{number}");
            AssertNothingDangles(state, removed);
            _inTransit += state.Channels.Sum(channel =>
                channel.Messages.Count(message => message.Message.Kind == ObjectMessageKind.Reference));
        }
    }

    /// <summary>
    /// A root that creates, sends, drops and gives orders at random until enough was removed; each object has a new
    /// name.
    /// </summary>
    private async Task UseAsync(int number)
    {
        var (random, name) = (new Random(number), $"root-{number}");
        var root = cluster.ObjectOf(name);
        await root.BecomeRootAsync();
        for (var step = 0; step < MinSteps || (_removed.Count < MinRemoved && step < MaxSteps); step++)
        {
            var held = (await root.GetAsync()).Holds;
            if (held.Length < 3)
            {
                Assert.Null(await root.CreateAsync(new($"{name}-{step}")));
                continue;
            }

            var (one, other, third) = (Any(), Any(), Any());
            await (random.Next(6) switch
            {
                0 => root.CreateAsync(new($"{name}-{step}")),
                1 => root.SendAsync(one, other), // Refused if both are the same.
                2 => SendAndDropAsync(root, one, other),
                3 => root.TellAsync(one, new(ObjectMessageKind.TellSend, other, third)),
                4 => root.TellAsync(one, new(ObjectMessageKind.TellDrop, other)),
                _ => root.DropAsync(one),
            });

            ProcessId Any() => held[random.Next(held.Length)];
        }
    }

    /// <summary>Moves a reference: for a while it may be in a message alone.</summary>
    private static async Task<string?> SendAndDropAsync(IObjectGrain root, ProcessId target, ProcessId moved) =>
        await root.SendAsync(target, moved) ?? await root.DropAsync(moved);

    private static void AssertNothingDangles(GlobalState<ObjectState, ObjectMessage> state, ProcessId[] removed)
    {
        var references = state.Processes.SelectMany(process => process.State.Holds)
            .Concat(state.Channels.SelectMany(channel => channel.Messages)
                .Where(message => message.Message.Kind == ObjectMessageKind.Reference)
                .Select(message => message.Message.Named));
        Assert.Empty(references.Intersect(removed));
    }

    private Task<GlobalState<ObjectState, ObjectMessage>> TakeAsync(string id) =>
        _snapshots.TakeAsync<ObjectState, ObjectMessage>(
            new(new SnapshotId(id), Initiator: default, TimeSpan.FromSeconds(60)),
            TestContext.Current.CancellationToken);
}
