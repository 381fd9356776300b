namespace Snapshots.Protocol.Tests;

/// <summary>
/// A second, dumb account of a snapshot: it knows the history of every process and at which event each one recorded,
/// and computes from these alone what every local state and every channel state must be.
/// </summary>
internal static class CutChecker
{
    /// <summary>Checks everything; returns how many messages were in the channels.</summary>
    public static int Check(GlobalState<TokenState, Token> recorded, TokenApplication application)
    {
        Assert.Empty(Certificate.Check(recorded));
        var members = recorded.Processes.Select(process => process.Id).ToList();
        var prefixes = recorded.Processes.ToDictionary(
            process => process.Id, process => application.HistoryOf(process.Id).Take(process.State.Events).ToList());
        foreach (var process in recorded.Processes)
        {
            Assert.Equal(process.State.Events, prefixes[process.Id].Count);
            Assert.Equal(Replay(application.InitialTokens(process.Id), prefixes[process.Id]), process.State.Held);
        }

        var channels = recorded.Channels.ToDictionary(channel => channel.Channel);
        var inTransit = 0;
        foreach (var source in members)
        {
            foreach (var target in members)
            {
                var sent = SentTo(prefixes[source], target);
                var delivered = DeliveredFrom(prefixes[target], source);
                Assert.True(delivered.Count <= sent.Count, $"orphan on {source}->{target}");
                Assert.Equal(sent.Take(delivered.Count), delivered);
                var expected = sent.Skip(delivered.Count).Select((token, index) => new NumberedMessage<Token>(new(delivered.Count + index + 1), token));
                var actual = channels.GetValueOrDefault(new ChannelId(source, target));
                Assert.Equal(expected, actual?.Messages ?? []);
                Assert.Equal((sent.Count, delivered.Count), (actual?.Sent.Value ?? 0, actual?.Delivered.Value ?? 0));
                inTransit += sent.Count - delivered.Count;
            }
        }

        CheckClosed(members, prefixes);
        CheckConservation(recorded, application);
        return inTransit;
    }

    public static List<Token> SentTo(IEnumerable<TokenEvent> history, ProcessId target) =>
        [.. history.SelectMany(happened => happened.Sent).Where(outgoing => outgoing.Target == target).Select(outgoing => outgoing.Message)];

    public static List<Token> DeliveredFrom(IEnumerable<TokenEvent> history, ProcessId source) =>
        [.. history.Where(happened => happened.Source == source).Select(happened => happened.Delivered)];

    private static void CheckClosed(List<ProcessId> members, Dictionary<ProcessId, List<TokenEvent>> prefixes) => Assert.All(
        prefixes.Values.SelectMany(prefix => prefix),
        happened =>
        {
            Assert.All(happened.Sent, outgoing => Assert.Contains(outgoing.Target, members));
            if (happened.Source is { } source) Assert.Contains(source, members);
        });

    private static void CheckConservation(GlobalState<TokenState, Token> recorded, TokenApplication application) => Assert.Equal(
        recorded.Processes.SelectMany(process => application.InitialTokens(process.Id)).Order(),
        recorded.Processes.SelectMany(process => process.State.Held)
            .Concat(recorded.Channels.SelectMany(channel => channel.Messages.Select(message => message.Message.Id)))
            .Order());

    private static ImmutableSortedSet<int> Replay(ImmutableSortedSet<int> tokens, IEnumerable<TokenEvent> prefix)
    {
        foreach (var happened in prefix)
        {
            if (happened.Source is not null) tokens = tokens.Add(happened.Delivered.Id);
            foreach (var outgoing in happened.Sent)
            {
                Assert.Contains(outgoing.Message.Id, tokens);
                tokens = tokens.Remove(outgoing.Message.Id);
            }
        }

        return tokens;
    }
}
