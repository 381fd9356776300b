using System.Collections.Immutable;

namespace Snapshots.Scripts;

/// <summary>
/// Story 1 of the demo: two processes, six coloured tokens. Reading the processes one after another loses tokens that
/// are on the way, or sees one twice; the marker protocol, on the very same schedules, sees each token exactly once.
/// The schedules are written down here; everything that is said about them is counted from what happened.
/// </summary>
public static class TokenStory
{
    private static readonly ImmutableArray<string> TokensOfP = ["red", "orange", "yellow"];
    private static readonly ImmutableArray<string> TokensOfQ = ["green", "blue", "violet"];

    /// <summary>Tells the story. Each call computes it anew, and always the same.</summary>
    public static TokenStoryResult Tell() =>
        new(TokensOfP.Length + TokensOfQ.Length, [TellLost(), TellTwice()]);

    /// <summary>
    /// Red and violet have left and not arrived when the reader passes: it sees them nowhere. The marker that P sends
    /// runs behind red, so Q records red with its state; violet reaches P after its cut and before Q's marker, so it
    /// was in the channel.
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
    /// The reader sees red at P, red travels, and the reader sees it again at Q. Q started the snapshot: what reaches
    /// it after its cut and before P's marker, orange and red, was in the channel; P records without them.
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
