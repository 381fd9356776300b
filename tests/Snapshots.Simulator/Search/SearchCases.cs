using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>The cases of which every schedule is tried.</summary>
internal static class SearchCases
{
    private const long Returned = LedgerApplication.MaxTaken + 1;

    /// <summary>Small enough for every test run.</summary>
    public static ImmutableArray<SearchCase> Small { get; } =
    [
        new("pair", "two pay each other, one snapshot")
        {
            Channels = [(0, 1), (1, 0)],
            Transfers = [new(0, 1, 1), new(0, 1, 2), new(1, 0, 3)],
            Snapshots = [new([0])],
            AcknowledgementsTravel = true,
            ReportsTravel = true,
        },
        new("twoInitiators", "both initiate the same snapshot, and it may be aborted")
        {
            Channels = [(0, 1), (1, 0)],
            Transfers = [new(0, 1, 1), new(1, 0, 2)],
            Snapshots = [new([0, 1], MayAbort: true)],
            AcknowledgementsTravel = true,
            ReportsTravel = true,
        },
        new("overlap", "two snapshots overlap, each begun by another")
        {
            Channels = [(0, 1), (1, 0)],
            Transfers = [new(0, 1, 1), new(1, 0, 2)],
            Snapshots = [new([0]), new([1])],
        },
        new("opening", "nobody knows anybody: channels open before, inside and after two snapshots")
        {
            Opening = ChannelOpening.Directed,
            Transfers = [new(0, 1, 1), new(1, 0, 2)],
            Snapshots = [new([0, 1]), new([0, 1])],
        },
        new("returned", "money comes back inside a snapshot")
        {
            Channels = [(0, 1), (1, 0)],
            Transfers = [new(0, 1, Returned), new(1, 0, Returned)],
            Snapshots = [new([0])],
            AcknowledgementsTravel = true,
            ReportsTravel = true,
        },
        new("newcomer", "a third process joins at any time, is paid and pays")
        {
            Processes = 3,
            Newcomers = 1,
            Transfers = [new(0, 2, 1), new(2, 1, 2)],
            Snapshots = [new([0, 1, 2])],
        },
        new("ring", "three pay around a ring, one snapshot")
        {
            Processes = 3,
            Channels = [(0, 1), (1, 2), (2, 0)],
            Opening = ChannelOpening.Directed,
            Transfers = [new(0, 1, 1), new(1, 2, 2), new(2, 0, 3)],
            Snapshots = [new([0])],
            ReportsTravel = true,
        },
        new("loss", "frames, acknowledgements and reports are lost")
        {
            Channels = [(0, 1), (1, 0)],
            Transfers = [new(0, 1, 1), new(1, 0, 2)],
            Snapshots = [new([0])],
            Losses = 2,
            AcknowledgementsTravel = true,
            ReportsTravel = true,
        },
        new("disorder", "frames come in any order, and twice")
        {
            Channels = [(0, 1), (1, 0)],
            Transfers = [new(0, 1, 1), new(1, 0, 2)],
            Snapshots = [new([0], MayAbort: true)],
            Repetitions = 1,
            Reorders = true,
            AcknowledgementsTravel = true,
        },
        new("crash", "a process crashes at any moment between a step, its write and its effects")
        {
            Channels = [(0, 1), (1, 0)],
            Transfers = [new(0, 1, 1), new(1, 0, 2)],
            Snapshots = [new([0])],
            Crashes = 1,
        },
        new("owed", "markers are owed: two pay each other, one snapshot that may be aborted")
        {
            Markers = MarkerPolicy.Owed,
            Channels = [(0, 1), (1, 0)],
            Transfers = [new(0, 1, 1), new(0, 1, 2), new(1, 0, 3)],
            Snapshots = [new([0, 1], MayAbort: true)],
            AcknowledgementsTravel = true,
        },
        new("owedOverlap", "markers are owed: two snapshots overlap, and acknowledgements take their time")
        {
            Markers = MarkerPolicy.Owed,
            Channels = [(0, 1)],
            Opening = ChannelOpening.Directed,
            Transfers = [new(0, 1, 1), new(0, 1, 2)],
            Snapshots = [new([0, 1]), new([0, 1])],
            AcknowledgementsTravel = true,
        },
        new("owedOpening", "markers are owed: channels open before, inside and after a snapshot, and money comes back")
        {
            Markers = MarkerPolicy.Owed,
            Transfers = [new(0, 1, 1), new(1, 0, Returned), new(0, 1, 2)],
            Snapshots = [new([0, 1])],
            AcknowledgementsTravel = true,
        },
        new("owedLoss", "markers are owed: frames and acknowledgements are lost")
        {
            Markers = MarkerPolicy.Owed,
            Channels = [(0, 1)],
            Opening = ChannelOpening.Directed,
            Transfers = [new(0, 1, 1), new(0, 1, 2)],
            Snapshots = [new([0, 1])],
            Losses = 2,
            AcknowledgementsTravel = true,
        },
        new("owedCrash", "markers are owed: a process crashes at any moment between a step, its write and its effects")
        {
            Markers = MarkerPolicy.Owed,
            Channels = [(0, 1)],
            Opening = ChannelOpening.Directed,
            Transfers = [new(0, 1, 1)],
            Snapshots = [new([0, 1])],
            Crashes = 1,
            AcknowledgementsTravel = true,
        },
    ];

    /// <summary>Too large for every test run.</summary>
    public static ImmutableArray<SearchCase> Large { get; } =
    [
        new("triangle", "three who all know each other, all initiate")
        {
            Processes = 3,
            Channels = [(0, 1), (1, 0), (1, 2), (2, 1), (2, 0), (0, 2)],
            Transfers = [new(0, 1, 1), new(1, 2, 2), new(2, 0, 3)],
            Snapshots = [new([0, 1, 2])],
        },
        new("ringOverlap", "three pay around a ring, two snapshots overlap")
        {
            Processes = 3,
            Channels = [(0, 1), (1, 2), (2, 0)],
            Opening = ChannelOpening.Directed,
            Transfers = [new(0, 1, 1), new(1, 2, 2), new(2, 0, 3)],
            Snapshots = [new([0]), new([1])],
        },
        new("openingOverlap", "channels open in pairs inside two snapshots, of which one may be aborted")
        {
            Transfers = [new(0, 1, 1), new(1, 0, 2), new(0, 1, 3)],
            Snapshots = [new([0, 1]), new([0, 1], MayAbort: true)],
        },
        new("crashes", "two crashes, and acknowledgements that take their time")
        {
            Channels = [(0, 1), (1, 0)],
            Transfers = [new(0, 1, 1)],
            Snapshots = [new([0])],
            Crashes = 2,
            AcknowledgementsTravel = true,
        },
        new("crashOverlap", "a crash on one channel while two snapshots overlap, of which one may be aborted")
        {
            Channels = [(0, 1)],
            Opening = ChannelOpening.Directed,
            Transfers = [new(0, 1, 1)],
            Snapshots = [new([0]), new([0], MayAbort: true)],
            Crashes = 1,
        },
        new("crashInDisorder", "a crash among frames that come in any order, twice, or never")
        {
            Channels = [(0, 1), (1, 0)],
            Transfers = [new(0, 1, 1), new(1, 0, 2)],
            Snapshots = [new([0])],
            Losses = 1,
            Repetitions = 1,
            Reorders = true,
            Crashes = 1,
        },
        new("owedCrashes", "markers are owed: a crash while two pay each other, and acknowledgements take their time")
        {
            Markers = MarkerPolicy.Owed,
            Channels = [(0, 1), (1, 0)],
            Transfers = [new(0, 1, 1), new(1, 0, 2)],
            Snapshots = [new([0, 1])],
            Crashes = 1,
            AcknowledgementsTravel = true,
        },
    ];

    /// <summary>The case of that name.</summary>
    public static SearchCase Find(string name) => Small.Concat(Large).Single(each => each.Name == name);
}
