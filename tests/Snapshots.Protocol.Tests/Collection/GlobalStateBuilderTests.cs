using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class GlobalStateBuilderTests
{
    [Fact]
    public void Over_no_processes_it_is_complete_and_empty()
    {
        var builder = Builder();
        Assert.Equal(CollectionStatus.Complete, builder.Status);
        Assert.Empty(builder.ToGlobalState().Processes);
    }

    [Fact]
    public void It_runs_until_every_member_has_reported()
    {
        var builder = Builder(P, Q);
        Assert.Equal(ReportVerdict.Accepted, builder.Accept(Local(P, [], [])));
        Assert.Equal(CollectionStatus.Running, builder.Status);
        Assert.Equal([Q], builder.Missing);
        Assert.Throws<InvalidOperationException>(builder.ToGlobalState);
        builder.Accept(Local(Q, [], []));
        Assert.Equal(CollectionStatus.Complete, builder.Status);
        Assert.Equal([P, Q], builder.ToGlobalState().Processes.Select(process => process.Id));
    }

    [Fact]
    public void A_channel_whose_counts_are_equal_needs_no_marker()
    {
        var builder = Builder(P, Q);
        builder.Accept(Local(P, [(Q, 5)], []));
        builder.Accept(Local(Q, [], [(P, 5)]));
        Assert.Equal(CollectionStatus.Complete, builder.Status);
        Assert.Empty(Assert.Single(builder.ToGlobalState().Channels).Messages);
    }

    [Fact]
    public void A_channel_with_messages_in_transit_holds_it_open_until_its_state_comes()
    {
        var builder = Builder(P, Q);
        builder.Accept(Local(P, [(Q, 5)], []));
        builder.Accept(Local(Q, [], [(P, 3)]));
        Assert.Equal(CollectionStatus.Running, builder.Status);
        builder.Accept(Channel(P, Q, 3, ["m4", "m5"]));
        Assert.Equal(CollectionStatus.Complete, builder.Status);
        Assert.Equal(
            [new(new(4), "m4"), new(new(5), "m5")], Assert.Single(builder.ToGlobalState().Channels).Messages);
    }

    [Fact]
    public void Reports_may_come_in_any_order()
    {
        ImmutableArray<Report> reports = [Local(P, [(Q, 5)], []), Local(Q, [(P, 1)], [(P, 4)]), Channel(P, Q, 4, ["m5"]), Channel(Q, P, 0, ["n1"])];
        var states = Permutations(reports).Select(order =>
        {
            var builder = Builder(P, Q);
            foreach (var report in order)
            {
                Assert.Equal(CollectionStatus.Running, builder.Status);
                builder.Accept(report);
            }

            return Render.Text(builder.ToGlobalState());
        });
        Assert.Single(states.Distinct());
    }

    [Fact]
    public void A_stranger_is_kept_and_drawn_in_when_a_member_names_it()
    {
        var builder = Builder(P);
        Assert.Equal(ReportVerdict.Accepted, builder.Accept(Local(Q, [], [(P, 1)])));
        Assert.Equal([P], builder.Members);
        builder.Accept(Local(P, [(Q, 1)], []));
        Assert.Equal([P, Q], builder.Members);
        Assert.Equal(CollectionStatus.Complete, builder.Status);
    }

    [Fact]
    public void A_stranger_that_no_member_names_is_not_drawn_in()
    {
        var builder = Builder(P);
        builder.Accept(Local(Q, [(P, 1)], []));
        builder.Accept(Local(P, [(Q, 0)], [(Q, 0)]));
        Assert.Equal([P], builder.Members);
        Assert.Equal(CollectionStatus.Complete, builder.Status);
        Assert.Empty(builder.ToGlobalState().Channels);
    }

    [Fact]
    public void Drawing_in_is_transitive_over_strangers_that_reported_before()
    {
        var s = new ProcessId("s");
        var builder = Builder(P);
        builder.Accept(Local(R, [], [(Q, 1), (s, 1)]));
        builder.Accept(Local(Q, [(R, 1)], [(P, 1)]));
        builder.Accept(Local(P, [(Q, 1)], []));
        Assert.Equal([P, Q, R, s], builder.Members);
        Assert.Equal([s], builder.Missing);
        builder.Accept(Local(s, [(R, 1)], []));
        Assert.Equal(CollectionStatus.Complete, builder.Status);
    }

    [Fact]
    public void Whoever_paid_a_member_before_its_cut_is_drawn_in_and_asked_for()
    {
        var builder = Builder(P);
        builder.Accept(Local(P, [], [(Q, 1)]));
        Assert.Equal([Q], builder.Missing);
        Assert.Equal(CollectionStatus.Running, builder.Status);
    }

    [Fact]
    public void A_report_that_comes_again_is_a_duplicate_and_the_first_one_stands()
    {
        var builder = Builder(P, Q);
        builder.Accept(Local(P, [(Q, 1)], []));
        builder.Accept(Channel(P, Q, 0, ["m1"]));
        Assert.Equal(ReportVerdict.Duplicate, builder.Accept(Local(P, [(Q, 7)], [])));
        Assert.Equal(ReportVerdict.Duplicate, builder.Accept(Channel(P, Q, 0, ["other"])));
        builder.Accept(Local(Q, [], []));
        Assert.Equal("m1", Assert.Single(Assert.Single(builder.ToGlobalState().Channels).Messages).Message);
    }

    [Fact]
    public void A_report_of_another_epoch_is_not_kept()
    {
        var builder = Builder(P);
        Assert.Equal(ReportVerdict.WrongEpoch, builder.Accept(Local(P, [], [], epoch: 2)));
        Assert.Equal(ReportVerdict.WrongEpoch, builder.Accept(Local(P, [], [], epoch: 0)));
        Assert.Equal([P], builder.Missing);
        Assert.Equal(ReportVerdict.Accepted, builder.Accept(Local(P, [], [])));
    }

    [Fact]
    public void A_report_of_another_snapshot_throws_and_changes_nothing()
    {
        var builder = Builder(P);
        Assert.Throws<ArgumentException>(() => builder.Accept(Local(P, [], [], snapshot: 2)));
        Assert.Equal([P], builder.Missing);
    }

    [Fact]
    public void A_report_of_another_application_throws_and_changes_nothing()
    {
        var builder = Builder(P);
        var foreign = new LocalReport<int>(Snapshot(1), Epoch.First, P, 7, [], []);
        Assert.Throws<ArgumentException>(() => builder.Accept(foreign));
        Assert.Equal([P], builder.Missing);
    }

    [Fact]
    public void An_orphan_fails_it_with_the_reason()
    {
        var builder = Builder(P, Q);
        builder.Accept(Local(P, [(Q, 2)], []));
        builder.Accept(Local(Q, [], [(P, 3)]));
        Assert.Equal(CollectionStatus.Failed, builder.Status);
        Assert.Equal("the certificate does not hold: noOrphan p->q: 3 delivered, 2 sent", builder.FailureReason);
        Assert.Throws<InvalidOperationException>(builder.ToGlobalState);
    }

    [Fact]
    public void A_channel_state_that_is_not_what_was_in_transit_fails_it()
    {
        var builder = Builder(P, Q);
        builder.Accept(Local(P, [(Q, 2)], []));
        builder.Accept(Channel(P, Q, 0, ["m1"]));
        builder.Accept(Local(Q, [], []));
        Assert.Equal(CollectionStatus.Failed, builder.Status);
        Assert.Contains("2 messages were in transit, 1 are recorded", builder.FailureReason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overflow_fails_it_at_once_with_the_reason()
    {
        var builder = Builder(P, Q);
        Assert.Equal(ReportVerdict.Accepted, builder.Accept(new OverflowReport(Snapshot(1), Epoch.First, P, 10)));
        Assert.Equal(CollectionStatus.Failed, builder.Status);
        Assert.Equal("the recording of p has outgrown its limit of 10 messages", builder.FailureReason);
        Assert.Equal(ReportVerdict.Duplicate, builder.Accept(new OverflowReport(Snapshot(1), Epoch.First, P, 10)));
    }

    [Fact]
    public void An_end_is_final()
    {
        var builder = Builder(P);
        builder.Accept(Local(P, [], []));
        builder.Accept(new OverflowReport(Snapshot(1), Epoch.First, P, 10));
        Assert.Equal(CollectionStatus.Complete, builder.Status);
        Assert.Empty(builder.FailureReason);
    }

    [Fact]
    public void Progress_names_the_missing_processes_and_then_the_open_channels()
    {
        var builder = Builder(P, Q);
        builder.Accept(Local(P, [(Q, 1)], [(Q, 0)]));
        Assert.Equal((1, 2, 0, 2, "q"), Progress(builder));
        builder.Accept(Local(Q, [], []));
        Assert.Equal((2, 2, 1, 2, "p->q"), Progress(builder));
        builder.Accept(Channel(P, Q, 0, ["m1"]));
        Assert.Equal((2, 2, 2, 2, string.Empty), Progress(builder));
    }

    [Fact]
    public void Progress_lists_at_most_so_many_names()
    {
        var names = Enumerable.Range(0, CollectionProgress.MaxWaitingFor + 1).Select(i => new ProcessId($"p{i:00}")).ToArray();
        Assert.Equal(20, Builder(names[..20]).GetProgress().WaitingFor.Length);
        Assert.Equal(20, Builder(names).GetProgress().WaitingFor.Length);
        Assert.Equal(21, Builder(names).GetProgress().ProcessesExpected);
    }

    private static GlobalStateBuilder<string, string> Builder(params ProcessId[] members) => new(Snapshot(1), Epoch.First, members);

    private static (int Recorded, int Expected, int Closed, int Channels, string Waiting) Progress(GlobalStateBuilder<string, string> builder)
    {
        var progress = builder.GetProgress();
        return (progress.ProcessesRecorded, progress.ProcessesExpected, progress.ChannelsClosed, progress.ChannelsExpected,
            string.Join(' ', progress.WaitingFor));
    }

    private static IEnumerable<ImmutableArray<Report>> Permutations(ImmutableArray<Report> reports) => reports.IsEmpty
        ? [[]]
        : reports.SelectMany(first => Permutations(reports.Remove(first)).Select(rest => rest.Insert(0, first)));
}
