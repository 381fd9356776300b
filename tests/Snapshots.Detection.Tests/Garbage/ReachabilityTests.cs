using CsCheck;

namespace Snapshots.Detection.Tests;

/// <summary>A failure of a property prints its seed: pass it as <c>seed:</c> to Sample to repeat the run.</summary>
public sealed class ReachabilityTests
{
    private const int Count = 7;

    private static readonly Gen<Cut> Cuts =
        from roots in Gen.Int[0, (1 << Count) - 1].Where(bits => int.PopCount(bits) <= 2)
        from candidates in Gen.Int[0, (1 << Count) - 1]
        from references in Gen.Select(Gen.Int[0, Count - 1], Gen.Int[0, Count - 1]).Array[0, 10]
        from messages in Gen.Select(Gen.Int[0, Count - 1], Gen.Int[-1, Count - 1]).Array[0, 2]
        select new Cut(roots, candidates, references, messages);

    [Fact]
    public void What_nothing_refers_to_is_garbage_and_what_a_root_refers_to_is_not()
    {
        var graph = new Reachability();
        foreach (var id in (string[])["R", "X", "Y", "Z"]) graph.AddCandidate(new(id));
        graph.AddRoot(new("R"));
        graph.AddReferences(new("R"), new ProcessId("X"));
        graph.AddReferences(new("X"), new ProcessId("Y"));
        Assert.Equal([new("Z")], graph.FindGarbage());
    }

    [Fact]
    public void A_cycle_that_nothing_outside_refers_to_is_garbage()
    {
        var graph = new Reachability();
        foreach (var id in (string[])["X", "Y"]) graph.AddCandidate(new(id));
        graph.AddReferences(new("X"), new ProcessId("Y"));
        graph.AddReferences(new("Y"), new ProcessId("X"));
        Assert.Equal([new("X"), new("Y")], graph.FindGarbage());
    }

    [Fact]
    public void A_reference_in_a_message_in_transit_and_its_receiver_are_not_garbage()
    {
        var graph = new Reachability();
        foreach (var id in (string[])["V", "W", "X", "Y"]) graph.AddCandidate(new(id));
        graph.AddReferences(new("W"), new ProcessId("V"));
        graph.AddMessage(new("Y"), new ProcessId("W"));
        Assert.Equal([new("X")], graph.FindGarbage());
    }

    [Fact]
    public void Only_a_candidate_is_garbage()
    {
        var graph = new Reachability();
        graph.AddReferences(new("X"), new ProcessId("Y"));
        Assert.Empty(graph.FindGarbage());
    }

    /// <summary>The reached objects are the smallest set with the start that no reference leads out of.</summary>
    [Fact]
    public void What_is_not_garbage_is_in_every_subset_that_is_closed()
    {
        var sightings = new Sightings();
        Cuts.Sample(
            cut =>
            {
                var garbage = cut.Find();
                Assert.Equal(cut.GarbageBySubsets(), garbage);
                sightings.See("garbage", garbage.Count > 0);
                sightings.See("kept by a message alone", (cut with { Messages = [] }).Find().Count > garbage.Count);
            },
            iter: 5_000);
        sightings.AssertSeen(100, "garbage", "kept by a message alone");
    }

    private sealed record Cut(
        int Roots, int Candidates, (int From, int To)[] References, (int Receiver, int Given)[] Messages)
    {
        public SortedSet<int> Find()
        {
            var graph = new Reachability();
            foreach (var id in Enumerable.Range(0, Count))
            {
                if ((Roots >> id & 1) == 1) graph.AddRoot(Name(id));
                if ((Candidates >> id & 1) == 1) graph.AddCandidate(Name(id));
            }

            foreach (var (from, to) in References) graph.AddReferences(Name(from), Name(to));
            foreach (var (receiver, given) in Messages)
            {
                if (given < 0) graph.AddMessage(Name(receiver));
                else graph.AddMessage(Name(receiver), Name(given));
            }

            return [.. graph.FindGarbage().Select(id => id.Value[0] - 'a')];
        }

        public SortedSet<int> GarbageBySubsets()
        {
            var start = Roots;
            foreach (var (receiver, given) in Messages) start |= 1 << receiver | (given < 0 ? 0 : 1 << given);
            var inAll = (1 << Count) - 1;
            for (var set = 0; set < 1 << Count; set++)
            {
                var isClosed = (set & start) == start
                    && References.All(each => (set >> each.From & 1) == 0 || (set >> each.To & 1) == 1);
                if (isClosed) inAll &= set;
            }

            return [.. Enumerable.Range(0, Count).Where(id => ((Candidates & ~inAll) >> id & 1) == 1)];
        }

        private static ProcessId Name(int id) => new($"{(char)('a' + id)}");
    }
}
