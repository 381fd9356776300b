using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class CertificateTests
{
    private static readonly GlobalState<string, string> Sound = State([P, Q], (P, Q, 4, 2, [3, 4]), (Q, P, 1, 1, []));

    [Fact]
    public void It_holds_for_a_consistent_and_complete_state() => Assert.Empty(Certificate.Check(Sound));

    [Fact]
    public void It_holds_for_no_processes_at_all() => Assert.Empty(Certificate.Check(State([])));

    [Fact]
    public void A_message_delivered_and_not_sent_breaks_no_orphan() =>
        Broken("noOrphan p->q: 3 delivered, 2 sent", State([P, Q], (P, Q, 2, 3, [])));

    [Fact]
    public void A_missing_message_breaks_the_channel_state() => Broken(
        "channelState p->q: 2 messages were in transit, 1 are recorded", State([P, Q], (P, Q, 4, 2, [3])));

    [Fact]
    public void A_message_too_many_breaks_the_channel_state() => Broken(
        "channelState p->q: 2 messages were in transit, 3 are recorded", State([P, Q], (P, Q, 4, 2, [3, 4, 5])));

    [Fact]
    public void Messages_of_a_channel_with_equal_counts_break_the_channel_state() => Broken(
        "channelState p->q: 0 messages were in transit, 1 are recorded", State([P, Q], (P, Q, 2, 2, [3])));

    [Theory]
    [InlineData(4, 3, "message 4 stands in the place of 3")]
    [InlineData(3, 3, "message 3 stands in the place of 4")]
    [InlineData(2, 3, "message 2 stands in the place of 3")]
    public void Messages_out_of_order_or_repeated_break_the_channel_state(long first, long second, string detail) =>
        Broken($"channelState p->q: {detail}", State([P, Q], (P, Q, 4, 2, [first, second])));

    [Fact]
    public void A_message_from_outside_breaks_closed() => Broken(
        "closed r->q: r is no member of the global state", State([P, Q], (R, Q, 1, 1, [])));

    [Fact]
    public void A_message_to_outside_breaks_closed() => Broken(
        "closed p->r: r is no member of the global state", State([P, Q], (P, R, 1, 0, [1])));

    [Fact]
    public void A_channel_to_outside_that_carried_nothing_is_none_of_the_cut() => Assert.Empty(Certificate.Check(State([P, Q], (P, R, 0, 0, []))));

    [Fact]
    public void A_process_twice_breaks_unique() => Broken("unique q: is listed twice", State([P, Q, Q]));

    [Fact]
    public void A_channel_twice_breaks_unique() => Broken(
        "unique p->q: is listed twice", State([P, Q], (P, Q, 1, 1, []), (P, Q, 1, 1, [])));

    [Fact]
    public void Every_violation_is_told_in_the_order_of_the_channels() => Assert.Equal(
        [CertificateRule.NoOrphan, CertificateRule.ChannelState, CertificateRule.Closed],
        Certificate.Check(State([P, Q], (P, Q, 0, 1, []), (Q, P, 1, 0, []), (R, Q, 1, 1, []))).Select(violation => violation.Rule));

    private static void Broken(string expected, GlobalState<string, string> state) =>
        Assert.Equal(expected, Assert.Single(Certificate.Check(state)).ToString());

    private static GlobalState<string, string> State(
        ProcessId[] members, params (ProcessId Source, ProcessId Target, long Sent, long Delivered, long[] Messages)[] channels) => new(
        [.. members.Select(member => new ProcessState<string>(member, "state"))],
        [.. channels.Select(channel => new ChannelState<string>(
            new(channel.Source, channel.Target),
            new(channel.Sent),
            new(channel.Delivered),
            [.. channel.Messages.Select(number => new NumberedMessage<string>(new(number), $"{number}"))]))]);
}
