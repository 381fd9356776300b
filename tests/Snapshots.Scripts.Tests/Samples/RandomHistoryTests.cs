using Snapshots.Protocol;
using Snapshots.Samples;

namespace Snapshots.Scripts.Tests;

/// <summary>
/// A thousand random histories of each sample, each with a cut: what is found on the cut is what brute force finds over
/// all continuations of that cut. A failure prints the script.
/// </summary>
public sealed class RandomHistoryTests
{
    private const int Histories = 1_000;
    private const int MaxStates = 400_000;

    [Fact]
    public async Task A_worker_is_deadlocked_on_a_cut_exactly_if_no_continuation_lets_it_act()
    {
        var (deadlocks, bystanders, inTransit, knots) = (0, 0, 0, 0);
        for (var seed = 1; seed <= Histories; seed++)
        {
            var (text, cut) = await LocksCutAsync(seed);
            var deadlock = DeadlockCheck.Find(cut.Processes);
            SortedSet<string> found = [.. deadlock.Blocked.Select(worker => worker.Process.Value)];
            var blocked = LocksModel.Of(cut).Blocked(acquires: 1, MaxStates);
            Assert.True(blocked.SetEquals(found), $"seed {seed}: {Names(found)} for {Names(blocked)}\n{text}");
            deadlocks += found.Count > 0 ? 1 : 0;
            bystanders += found.Count > 0 && found.Count < 3 ? 1 : 0;
            knots += deadlock.Kind == Detection.WitnessKind.Knot ? 1 : 0;
            inTransit += cut.Channels.Any(channel => channel.Messages.Length > 0) ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{deadlocks} deadlocks, {bystanders} with others, {knots} knots");
        Assert.True(deadlocks >= 100 && bystanders >= 20 && inTransit >= 300, $"{deadlocks} {bystanders} {inTransit}");
        Assert.InRange(knots, 3, Histories);
    }

    [Fact]
    public async Task Garbage_on_a_cut_is_used_in_no_continuation_and_is_all_that_is_not_used_but_what_is_in_transit()
    {
        var (withGarbage, inTransit, late) = (0, 0, 0);
        for (var seed = 1; seed <= Histories; seed++)
        {
            var (text, cut) = await ObjectsCutAsync(seed);
            SortedSet<string> found = [.. GarbageCheck.Find(cut).Select(each => each.Value)];
            var model = ObjectsModel.Of(cut);
            var unused = model.Unused(commands: 2, MaxStates);

            // Sound: what is found is never used again.
            Assert.True(found.IsSubsetOf(unused), $"seed {seed}: {Names(found)} found, {Names(unused)} unused\n{text}");

            // Complete: what is never used again is found, at the latest when nothing is in transit.
            unused.ExceptWith(found);
            Assert.True(unused.Count == 0 || !model.IsQuiet, $"seed {seed}: {Names(unused)} not found\n{text}");
            Assert.True(
                unused.IsSubsetOf(model.Quiet().Unreachable()),
                $"seed {seed}: {Names(unused)} is still reachable\n{text}");
            withGarbage += found.Count > 0 ? 1 : 0;
            inTransit += model.IsQuiet ? 0 : 1;
            late += unused.Count > 0 ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{withGarbage} with garbage, {late} with garbage found late");
        Assert.True(withGarbage >= 100 && inTransit >= 300, $"{withGarbage} {inTransit}");
    }

    /// <summary>Three workers and two or three locks; workers acquire more often than they release.</summary>
    private static Task<(string Text, GlobalState<LocksState, LocksMessage> Cut)> LocksCutAsync(int seed)
    {
        var random = new Random(seed);
        string[] workers = ["A", "B", "C"];
        string[] locks = [.. Enumerable.Range(0, 2 + (seed % 2)).Select(held => $"L{held}")];
        return new RandomHistory<LocksState, LocksMessage>(LocksScripts.Instance, random).RunAsync(
            [.. workers.Select(worker => (worker, "worker")), .. locks.Select(held => (held, "lock"))],
            (source, target) => workers.Contains(source) != workers.Contains(target),
            () => (random.GetItems(workers, 1)[0], random.Next(10) switch
            {
                < 5 => $"acquire {random.GetItems(locks, 1)[0]}",
                < 8 => $"acquire-any {string.Join(' ', random.GetItems(locks, 2).Distinct())}",
                _ => $"release {random.GetItems(locks, 1)[0]}",
            }));
    }

    /// <summary>One root and three objects, each created once.</summary>
    private static Task<(string Text, GlobalState<ObjectState, ObjectMessage> Cut)> ObjectsCutAsync(int seed)
    {
        var random = new Random(seed);
        string[] all = ["a", "b", "c", "d"];
        return new RandomHistory<ObjectState, ObjectMessage>(ObjectsScripts.Instance, random).RunAsync(
            [.. all.Select((each, index) => (each, index == 0 ? "object root" : "object"))],
            (source, target) => source != target,
            () => ("a", random.Next(10) switch
            {
                < 3 => $"create {random.GetItems(all, 1)[0]}",
                < 5 => $"send {string.Join(' ', random.GetItems(all, 2))}",
                < 7 => $"drop {random.GetItems(all, 1)[0]}",
                < 9 => $"tell {random.GetItems(all, 1)[0]} send {string.Join(' ', random.GetItems(all, 2))}",
                _ => $"tell {random.GetItems(all, 1)[0]} drop {random.GetItems(all, 1)[0]}",
            }));
    }

    private static string Names(IEnumerable<string> names) => $"[{string.Join(' ', names)}]";
}

/// <summary>
/// Runs commands and deliveries at random on the core, with a snapshot somewhere among them; what is refused, and what
/// cannot be delivered, is no part of the history.
/// </summary>
internal sealed class RandomHistory<TState, TMessage>(ScriptApplication<TState, TMessage> application, Random random)
{
    private readonly CoreScriptEngine<TState, TMessage> _engine = new(application);
    private readonly List<string> _lines = [];

    public async Task<(string Text, GlobalState<TState, TMessage> Cut)> RunAsync(
        (string Id, string Command)[] processes,
        Func<string, string, bool> isConnected,
        Func<(string Process, string Command)> next)
    {
        var (stop, snapshot) = (TestContext.Current.CancellationToken, new SnapshotId("s"));
        foreach (var (id, command) in processes) await _engine.OpenProcessAsync(new(id), command, stop);
        var channels = (
            from source in processes
            from target in processes
            where isConnected(source.Id, target.Id)
            select new ChannelId(new(source.Id), new(target.Id))).ToList();
        foreach (var channel in channels) await _engine.OpenChannelAsync(channel, stop);
        var (before, after) = (20 + random.Next(40), random.Next(30));
        for (var step = 0; step < before + after; step++)
        {
            if (step == before)
            {
                var initiator = new ProcessId(processes[random.Next(processes.Length)].Id);
                await _engine.SnapshotAsync(snapshot, new(1), initiator, stop);
                _lines.Add($"snapshot s {initiator}");
            }

            if (random.Next(2) == 0) await DeliverAsync(channels[random.Next(channels.Count)], stop);
            else if (await ActAsync(next(), stop) is { } line) _lines.Add(line);
        }

        if (after == 0) await _engine.SnapshotAsync(snapshot, new(1), new(processes[0].Id), stop);
        for (var delivered = true; delivered;)
        {
            delivered = false;
            foreach (var channel in channels) delivered |= await DeliverAsync(channel, stop);
        }

        var reading = await _engine.ReadSnapshotAsync(snapshot, new(1), stop);
        Assert.True(reading.IsComplete);
        Assert.Empty(Certificate.Check(reading.Recorded));
        return (string.Join('\n', _lines), reading.Recorded);
    }

    private async Task<string?> ActAsync((string Process, string Command) act, CancellationToken stop) =>
        await _engine.ActAsync(new(act.Process), act.Command, stop) is null ? $"{act.Process}: {act.Command}" : null;

    private async Task<bool> DeliverAsync(ChannelId channel, CancellationToken stop)
    {
        if (await _engine.DeliverAsync(channel, stop) is null) return false;
        _lines.Add($"deliver {channel}");
        return true;
    }
}
