using System.Globalization;
using System.Numerics;

namespace Snapshots.Simulator.Tests.Search;

public sealed class ExhaustiveSearchTests
{
    /// <summary>Set to 1, it adds the cases that take minutes; set to the name of one, that case alone.</summary>
    private const string LargeVariable = "SNAPSHOTS_LARGE_SEARCH";

    private static readonly SearchCase Tiny = new("tiny", "one pays the other, one snapshot")
    {
        Channels = [(0, 1)],
        Transfers = [new(0, 1, 1)],
        Snapshots = [new([0])],
        AcknowledgementsTravel = true,
        ReportsTravel = true,
    };

    public static TheoryData<string, string> Golden()
    {
        var golden = new TheoryData<string, string>();
        foreach (var (name, figures) in SearchFigureTable.Small) golden.Add(name, figures);
        var asked = Environment.GetEnvironmentVariable(LargeVariable);
        foreach (var (name, figures) in SearchFigureTable.Large.Where(row => asked == "1" || asked == row.Name)) golden.Add(name, figures);
        return golden;
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Every_schedule_of_a_small_case_keeps_every_invariant(string name, string expected)
    {
        var (model, search) = Search(SearchCases.Find(name), new Variant());
        var figures = search.Run();
        Assert.True(search.Failure is null, search.Failure is { } failure ? SearchText.Tell(model, failure) : null);
        TestContext.Current.TestOutputHelper?.WriteLine(SearchFigureTable.Row(figures));
        Assert.Equal(expected, SearchFigureTable.Row(figures));
    }

    [Fact]
    public void The_table_has_every_case()
    {
        Assert.Equal(SearchCases.Small.Select(each => each.Name), SearchFigureTable.Small.Select(row => row.Name));
        Assert.Equal(SearchCases.Large.Select(each => each.Name), SearchFigureTable.Large.Select(row => row.Name));
    }

    [Fact]
    public void Schedules_are_as_many_when_no_state_is_cut_off()
    {
        var (model, search) = Search(Tiny, new Variant());
        var counted = search.Run().Schedules;
        Assert.InRange(counted, 1000, 1_000_000);
        Assert.Equal(counted, CountOneByOne(model, model.Start()));
    }

    [Fact]
    public void A_schedule_that_never_ends_is_a_failure()
    {
        var (model, search) = Search(Tiny, new NeverAcknowledged());
        search.Run();
        Assert.NotNull(search.Failure);
        Assert.Equal("ends", search.Failure.Breach.Invariant);
        Assert.Contains("never ends", SearchText.Tell(model, search.Failure), StringComparison.Ordinal);
    }

    private static (SearchModel Model, ExhaustiveSearch Search) Search(SearchCase @case, Variant variant)
    {
        var model = new SearchModel(@case, variant);
        return (model, new(model));
    }

    private static BigInteger CountOneByOne(SearchModel model, int[] state)
    {
        var actions = model.ActionsOf(state);
        if (actions.Count == 0) return 1;
        var schedules = BigInteger.Zero;
        foreach (var action in actions)
        {
            schedules += CountOneByOne(model, model.Take(state, action, out var breach));
            Assert.True(breach is null, string.Create(CultureInfo.InvariantCulture, $"{action}: {breach}"));
        }

        return schedules;
    }
}
