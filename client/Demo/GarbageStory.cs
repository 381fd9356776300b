using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Snapshots.Samples;
using Snapshots.Scripts;

namespace Snapshots.Client;

/// <summary>
/// Story 5 of the demo: objects that nothing refers to are found and removed, one whose only reference is in a message
/// in transit is not. And a schedule in which reading one after another sees garbage that is in use.
/// </summary>
internal static class GarbageStory
{
    private const string Round = "demo-garbage";
    private static readonly ProcessId Root = new("root");
    private static readonly ProcessId Travelling = new("travelling");
    private static readonly ProcessId Keeper = new("keeper");

    public static async Task<StoryOutcome> TellAsync(CommandRun run)
    {
        run.Terminal.ShowNow(page => page.Heading("5. Garbage: objects that refer to each other"));
        var phantom = await PhantomStory.TellGarbageAsync(run.Interrupted);
        var gate = new ClosableGate(new(Root, Keeper));
        await using var silo = await SampleSilo.StartAsync(
            ObjectsApplication.Name,
            run.Interrupted,
            builder => builder.Services.AddSingleton<IFrameGate<ObjectMessage>>(gate));
        var figures = await CollectAsync(silo, gate, run.Interrupted);
        run.Terminal.ShowNow(page => Show(page, figures, phantom));
        var complaint =
            figures.Removed != figures.Garbage || figures.Garbage != 4 ? "not exactly the garbage was removed"
            : figures.KeptByMessage != 1 || !figures.IsKept ? "the object in transit was not kept"
            : !phantom.NaivePhantom || phantom.SnapshotPhantom ? "the schedule of the phantom ended otherwise"
            : null;
        return new("garbage", writer => Write(writer, figures), complaint);
    }

    /// <summary>
    /// A cycle and a chain become garbage; a reference is in a message that the gate holds back until every object has
    /// recorded its state.
    /// </summary>
    private static async Task<Figures> CollectAsync(SampleSilo silo, ClosableGate gate, CancellationToken interrupted)
    {
        var root = silo.Grains.GetGrain<IObjectGrain>(Root.Value);
        await root.BecomeRootAsync();
        ProcessId[] garbage = [new("cycle-1"), new("cycle-2"), new("chain-1"), new("chain-2")];
        ProcessId[] created = [.. garbage, Keeper, Travelling];
        foreach (var each in created) await root.CreateAsync(each);
        await root.SendAsync(garbage[0], garbage[1]);
        await root.SendAsync(garbage[1], garbage[0]);
        await root.SendAsync(garbage[2], garbage[3]);
        foreach (var holder in garbage[..3])
            await SampleSilo.WaitAsync(() => HoldsAsync(silo, holder, count: 1), interrupted);
        foreach (var each in garbage) await root.DropAsync(each);
        await root.SendAsync(Keeper, Root);
        await SampleSilo.WaitAsync(() => HoldsAsync(silo, Keeper, count: 1), interrupted);

        gate.Close();
        await root.SendAsync(Keeper, Travelling);
        await root.DropAsync(Travelling);
        var collector = new GarbageCollector(silo.Grains, silo.Snapshots);
        var collection = collector.CollectAsync(Round, interrupted);
        var cut = new SnapshotId($"{Round}-1");
        await SampleSilo.WaitAsync(
            async () => await silo.Snapshots.GetAsync(cut) is { Progress: { ProcessesExpected: > 0 } progress }
                && progress.ProcessesRecorded == progress.ProcessesExpected,
            interrupted);
        gate.Open();
        var removed = await collection;

        var view = await silo.Snapshots.WaitAsync(cut, progress: null, interrupted);
        var state = await silo.Snapshots.ReadAsync<ObjectState, ObjectMessage>(view);
        var found = GarbageCheck.Find(state);
        var withoutMessages = GarbageCheck.Find(state with { Channels = [] });
        var isKept = await SampleSilo.WaitAsync(() => HoldsAsync(silo, Keeper, count: 2), interrupted);
        return new(created.Length, found.Length, withoutMessages.Except(found).Count(), removed.Length, isKept);
    }

    private static async Task<bool> HoldsAsync(SampleSilo silo, ProcessId id, int count) =>
        (await silo.Grains.GetGrain<IObjectGrain>(id.Value).GetAsync()).Holds.Length == count;

    private static void Write(Utf8JsonWriter writer, Figures figures)
    {
        writer.WriteStartObject();
        writer.WriteNumber("objects", figures.Objects);
        writer.WriteNumber("garbage", figures.Garbage);
        writer.WriteNumber("keptByMessage", figures.KeptByMessage);
        writer.WriteNumber("removed", figures.Removed);
        writer.WriteEndObject();
    }

    private static void Show(Page page, Figures figures, PhantomStoryResult phantom)
    {
        page.Line();
        page.Line($"   a root has created {figures.Objects} objects; it drops a cycle of two and a chain of two");
        page.Line($"   it sends the only reference to {Travelling} to {Keeper}, and the message is on the way");
        page.Line($"     on the cut: {figures.Garbage} garbage, {figures.KeptByMessage} kept by a message alone");
        page.Line($"     condemned, found again by a second snapshot, and removed: {figures.Removed}");
        page.Line(figures.IsKept ? $"     {Keeper} has got {Travelling}" : $"     {Keeper} has not got {Travelling}");
        page.Line();
        page.Line("   another schedule, read one object after another while it runs");
        foreach (var reading in phantom.Readings) page.Line($"     the naive reader reads {reading}");
        page.Line($"     naive reading: {Describe(phantom.Naive)}; snapshot: {Describe(phantom.Snapshot)}");
        page.Line($"     in truth, at any time: {Describe(phantom.Real)}");
        page.Line();
    }

    private static string Describe(ImmutableArray<ProcessId> objects) =>
        objects.IsEmpty ? "no garbage" : $"{string.Join(" and ", objects)} is garbage";

    private readonly record struct Figures(int Objects, int Garbage, int KeptByMessage, int Removed, bool IsKept);

    /// <summary>Drops the frames of one channel while it is closed; what was dropped is sent again later.</summary>
    private sealed class ClosableGate(ChannelId channel) : IFrameGate<ObjectMessage>
    {
        private volatile bool _isClosed;

        public void Close() => _isClosed = true;

        public void Open() => _isClosed = false;

        public bool TryHold(Frame<ObjectMessage> frame) => _isClosed && frame.Channel == channel;

        public void Observe(Acknowledgement acknowledgement)
        {
        }
    }
}
