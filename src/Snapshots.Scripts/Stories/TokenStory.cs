namespace Snapshots.Scripts;

/// <summary>
/// Story 1 of the demo: two processes, six coloured tokens. Reading the processes one after another loses tokens in
/// transit, or sees one twice; the marker protocol, on the same schedules, sees each token exactly once. The schedules
/// are fixed here; every number about them is counted in the run.
/// </summary>
public static class TokenStory
{
    private static readonly ImmutableArray<string> TokensOfP = ["red", "orange", "yellow"];
    private static readonly ImmutableArray<string> TokensOfQ = ["green", "blue", "violet"];

    /// <summary>Runs the story; each run gives the same result.</summary>
    public static TokenStoryResult Tell() =>
        new(TokensOfP.Length + TokensOfQ.Length, [TellLost(), TellTwice()]);

    /// <summary>
    /// Red and violet are in transit when the reader passes, so it sees neither. P's marker follows red, so Q records
    /// red in its state. Violet reaches P after P's cut and before Q's marker, so it was in the channel.
    /// </summary>
    private static TokenSchedule TellLost()
    {
        var stage = new TokenStage(TokensOfP, TokensOfQ);
        stage.Send(stage.P, stage.Q, "red");
        stage.Send(stage.Q, stage.P, "violet");
        stage.StartSnapshot(stage.P);
        stage.ReadNaively(stage.P);
        stage.ReadNaively(stage.Q);
        stage.Deliver(stage.P, stage.Q); // red
        stage.Deliver(stage.P, stage.Q); // P's marker
        stage.Deliver(stage.Q, stage.P); // violet
        stage.Deliver(stage.Q, stage.P); // Q's marker
        return stage.Finish("tokens on the way are lost");
    }

    /// <summary>
    /// The reader sees red at P, red travels, and the reader sees it again at Q. Q started the snapshot: orange and red
    /// reach it after its cut and before P's marker, so they were in the channel; P records without them.
    /// </summary>
    private static TokenSchedule TellTwice()
    {
        var stage = new TokenStage(TokensOfP, TokensOfQ);
        stage.Send(stage.P, stage.Q, "orange");
        stage.StartSnapshot(stage.Q);
        stage.ReadNaively(stage.P);
        stage.Send(stage.P, stage.Q, "red");
        stage.Deliver(stage.P, stage.Q); // orange
        stage.Deliver(stage.P, stage.Q); // red
        stage.ReadNaively(stage.Q);
        stage.Deliver(stage.Q, stage.P); // Q's marker
        stage.Deliver(stage.P, stage.Q); // P's marker
        return stage.Finish("a token that moves on is seen twice");
    }
}

/// <summary>The result of the story of the tokens.</summary>
/// <param name="Count">The number of tokens, each of its own colour.</param>
/// <param name="Schedules">The schedules, each run on new processes.</param>
public sealed record TokenStoryResult(int Count, ImmutableArray<TokenSchedule> Schedules)
{
    /// <summary>The tokens that naive readings lost, over all schedules.</summary>
    public int NaiveLost => Schedules.Sum(schedule => schedule.NaiveLost);

    /// <summary>The tokens that naive readings saw more than once, over all schedules.</summary>
    public int NaiveTwice => Schedules.Sum(schedule => schedule.NaiveTwice);

    /// <summary>The tokens that a snapshot saw exactly once: the minimum over all schedules.</summary>
    public int SnapshotTokens => Schedules.Min(schedule => schedule.SnapshotTokens);

    /// <summary>The tokens that snapshots saw in channels, over all schedules.</summary>
    public long SnapshotInChannels => Schedules.Sum(schedule => schedule.SnapshotInChannels);

    /// <summary>
    /// Whether the claims of the story held in this run: one naive reading lost tokens, one saw a token twice, every
    /// snapshot saw each token exactly once, some in channels, and no token was really made or lost.
    /// </summary>
    public bool Holds =>
        Schedules.Any(schedule => schedule.NaiveLost > 0)
        && Schedules.Any(schedule => schedule.NaiveTwice > 0)
        && Schedules.All(schedule => schedule.SnapshotReading.Count == Count && schedule.SnapshotTokens == Count)
        && Schedules.All(schedule => schedule.Conserved)
        && SnapshotInChannels > 0;
}

/// <summary>The result of one schedule of the story of the tokens.</summary>
/// <param name="Title">What the schedule shows, in a few words.</param>
/// <param name="Events">What happened, one line each, in order.</param>
/// <param name="NaiveReading">How often the naive reading saw each colour; 0 for a colour that it lost.</param>
/// <param name="SnapshotReading">How often the snapshot saw each colour; 0 as above.</param>
/// <param name="Places">Where the snapshot saw each token: first the processes, then the channels.</param>
/// <param name="Conserved">Whether the processes held every token exactly once when the schedule was over.</param>
public sealed record TokenSchedule(
    string Title,
    ImmutableArray<string> Events,
    ImmutableSortedDictionary<string, long> NaiveReading,
    ImmutableSortedDictionary<string, long> SnapshotReading,
    ImmutableArray<TokenPlace> Places,
    bool Conserved)
{
    /// <summary>The tokens that the naive reading did not see.</summary>
    public int NaiveLost => NaiveReading.Values.Count(seen => seen == 0);

    /// <summary>The tokens that the naive reading saw more than once.</summary>
    public int NaiveTwice => NaiveReading.Values.Count(seen => seen > 1);

    /// <summary>The tokens that the snapshot saw exactly once.</summary>
    public int SnapshotTokens => SnapshotReading.Values.Count(seen => seen == 1);

    /// <summary>The tokens that the snapshot saw in channels.</summary>
    public long SnapshotInChannels => Places.Where(place => place.InChannel).Sum(place => place.Amount);
}

/// <summary>Where a snapshot saw tokens.</summary>
/// <param name="Colour">Their colour.</param>
/// <param name="Amount">How many, at least 1.</param>
/// <param name="Where">A process, such as <c>P</c>, or a channel, such as <c>P->Q</c>.</param>
/// <param name="InChannel">Whether they were in transit on a channel.</param>
public sealed record TokenPlace(string Colour, long Amount, string Where, bool InChannel);
