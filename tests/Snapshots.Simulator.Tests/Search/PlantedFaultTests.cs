namespace Snapshots.Simulator.Tests.Search;

/// <summary>
/// The search is not blind: faults planted into the core are found in small cases, each by a shortest schedule.
/// </summary>
public sealed class PlantedFaultTests
{
    /// <summary>States that are looked at before a fault counts as not found.</summary>
    private const int MaxStates = 200_000;

    [Theory]
    [InlineData("markerWithoutNumber", "pair", "outbox")]
    [InlineData("cutsInFrameNumbers", "overlap", "localState")]
    [InlineData("stopsAtAnyMarker", "overlap", "recording")]
    [InlineData("firstChannelLeftOpen", "pair", "recording")]
    [InlineData("duplicatesDelivered", "disorder", "fifo")]
    [InlineData("gapDelivered", "loss", "recording")]
    [InlineData("endsTooEarly", "pair", "channelState")]
    [InlineData("unknownChannelNotRecorded", "newcomer", "recording")]
    [InlineData("noMarkerOnNewChannel", "newcomer", "markerPlace")]
    [InlineData("lateMarkerStartsAnew", "opening", "oneRecord")]
    [InlineData("acknowledgedBeforePersisted", "crash", "noFault")]
    [InlineData("sentBeforePersisted", "crash", "noFault")]
    [InlineData("endedBelowHighest", "overlap", "ends")]
    public void A_planted_fault_is_found(string mutant, string name, string invariant)
    {
        var (model, failure) = Find(mutant, name);
        Assert.True(failure is not null, $"{mutant} was not found");
        TestContext.Current.TestOutputHelper?.WriteLine(SearchText.Tell(model, failure));
        Assert.Equal(invariant, failure.Breach.Invariant);
    }

    private static (SearchModel Model, SearchFailure? Failure) Find(string mutant, string name)
    {
        var model = new SearchModel(SearchCases.Find(name), MutantCatalog.All.Single(each => each.Name == mutant).Create());
        return (model, new ShortestFailure(model).Find(MaxStates));
    }
}
