using Snapshots.Samples;
using Snapshots.Scripts;

namespace Snapshots.Diagrams.Tests;

public sealed class GraphDiagramTests
{
    [Fact]
    public async Task A_deadlock_is_drawn_with_its_cycle()
    {
        var state = await Scenarios.CutAsync("locks-cycle.txt", LocksScripts.Instance, "s2");
        var deadlock = DeadlockCheck.Find(state.Processes);
        var holders = state.Processes.Where(process => process.State is WorkerState)
            .SelectMany(process => ((WorkerState)process.State).Holds.Select(held => (Lock: held, process.Id)))
            .ToDictionary(held => held.Lock, held => held.Id);
        var waits = state.Processes.Where(process => process.State is WorkerState)
            .SelectMany(process => ((WorkerState)process.State).WaitsFor.Where(holders.ContainsKey).Select(
                wanted => new DiagramEdge(process.Id.Value, holders[wanted].Value, wanted.Value)))
            .ToList();
        var svg = Svg.Read(GraphDiagram.DrawWaits(
            "Who waits for whom", waits, [.. deadlock.Witness.Select(node => node.Process.Value)]));

        Assert.True(deadlock.Witness.Length > 1);
        Assert.Equal(deadlock.Witness.Length, svg.All("g").Count(group => group.Has("node") && group.Has("found")));
        Assert.Equal(deadlock.Witness.Length, svg.All("g").Count(group => group.Has("edge") && group.Has("found")));
        Assert.Equal(waits.Count, svg.All("g").Count(group => group.Has("edge")));
        Assert.Contains(deadlock.Witness[0].Process.Value, svg.Texts("process"));
    }

    [Fact]
    public async Task Garbage_is_drawn_apart_from_what_a_message_still_reaches()
    {
        var state = await Scenarios.CutAsync("objects-cycle.txt", ObjectsScripts.Instance, "s1");
        var garbage = GarbageCheck.Find(state).Select(each => each.Value).ToList();
        var references = state.Processes.SelectMany(process =>
            process.State.Holds.Select(held => new DiagramEdge(process.Id.Value, held.Value)));
        var roots = state.Processes.Where(process => process.State.Root).Select(process => process.Id.Value).ToList();
        var svg = Svg.Read(GraphDiagram.DrawReferences(
            "What refers to what", roots, references, [new(roots[0], "elsewhere")], garbage));

        Assert.NotEmpty(garbage);
        Assert.Equal(garbage.Count, svg.All("g").Count(group => group.Has("node") && group.Has("garbage")));
        Assert.Equal(garbage.Count, svg.Texts("small").Count(text => text == "garbage"));
        Assert.Equal([$"{roots[0]} to elsewhere in transit"], svg.TitlesOf("sent"));
    }

    [Fact]
    public void A_graph_without_nodes_with_one_and_with_many_is_a_picture()
    {
        Assert.Empty(Svg.Read(GraphDiagram.DrawWaits("none", [], [])).Texts("process"));
        Assert.Equal(["A"], Svg.Read(GraphDiagram.DrawWaits("itself", [new("A", "A", "L")], ["A"])).Texts("process"));
        var many = Svg.Read(GraphDiagram.DrawWaits(
            "many", Enumerable.Range(0, 100).Select(number => new DiagramEdge($"w{number}", "h")), ["w99", "h"]));
        Assert.Equal(24, many.Texts("process").Count());
        Assert.Contains("w99", many.Texts("process"));
        Assert.Contains("77 of 101 processes are left out", many.Texts("quiet"));
    }
}
