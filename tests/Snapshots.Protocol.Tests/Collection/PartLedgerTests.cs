using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class PartLedgerTests
{
    private static readonly ImmutableArray<ProcessId> Names = [.. "abcdefgh".Select(name => new ProcessId($"{name}"))];

    [Fact]
    public void Parts_that_have_not_heard_each_other_are_to_exchange_and_then_complete()
    {
        var parts = new PartsUnderTest(2, A(0), B(1));
        parts.Accept(Local(A(0), [(B(1), 5)], []), Local(B(1), [], [(A(0), 5)]));
        Assert.Equal((CollectionStatus.Running, true), (parts.Rule().Status, parts.Rule().MustExchange));
        parts.Exchange();
        Assert.Equal((CollectionStatus.Complete, false), (parts.Rule().Status, parts.Rule().MustExchange));
    }

    [Fact]
    public void A_channel_in_transit_is_open_at_the_part_of_its_target_until_its_state_comes()
    {
        var parts = new PartsUnderTest(2, A(0), B(1));
        parts.Accept(Local(A(0), [(B(1), 5)], []), Local(B(1), [], [(A(0), 3)]));
        parts.Exchange();
        Assert.Equal(CollectionStatus.Running, parts.Rule().Status);
        Assert.Equal([A(0), B(1)], parts.PartOf(B(1)).Awaited);
        Assert.Empty(parts.PartOf(A(0)).Awaited);
        Assert.Equal([$"{A(0)}->{B(1)}"], CollectionRuling.Sum(parts.Standings()).WaitingFor);
        parts.Accept(Channel(A(0), B(1), 3, ["m4", "m5"]));
        Assert.Empty(parts.PartOf(B(1)).Awaited);
        Assert.False(parts.PartOf(B(1)).IsAwaited(A(0)));
        Assert.Equal(CollectionStatus.Complete, parts.Rule().Status);
        Assert.Equal(2, parts.Standings().Sum(part => part.Messages));
    }

    [Fact]
    public void Who_is_named_by_a_member_of_another_part_is_drawn_in_and_awaited()
    {
        var parts = new PartsUnderTest(2, A(0));
        parts.Accept(Local(A(0), [], [(B(1), 1)]));
        parts.Exchange();
        Assert.Equal([B(1)], parts.PartOf(B(1)).Awaited);
        Assert.True(parts.PartOf(B(1)).IsAwaited(B(1)));
        parts.Accept(Local(B(1), [(A(0), 1)], []));
        Assert.True(parts.Rule().MustExchange);
        parts.Exchange();
        Assert.Equal(CollectionStatus.Complete, parts.Rule().Status);
    }

    /// <summary>
    /// The target has opened the pair and its source has not: that it is a member, only its own part knows.
    /// </summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void A_channel_that_only_its_target_had_is_counted_if_its_source_is_a_member(bool isMember, int channels)
    {
        var parts = new PartsUnderTest(2, isMember ? [A(0), B(1)] : [B(1)]);
        parts.Accept(Local(A(0), [], []), Local(B(1), [], [(A(0), 0)]));
        parts.Exchange();
        Assert.Equal(CollectionStatus.Complete, parts.Rule().Status);
        Assert.Equal(channels, CollectionRuling.Sum(parts.Standings()).ChannelsExpected);
    }

    [Fact]
    public void Orphans_between_parts_break_the_certificate()
    {
        var parts = new PartsUnderTest(2, A(0), B(1));
        parts.Accept(Local(A(0), [(B(1), 1)], []), Local(B(1), [], [(A(0), 2)]));
        parts.Exchange();
        Assert.Equal(
            (CollectionStatus.Failed, $"the certificate does not hold: noOrphan {A(0)}->{B(1)}: 2 delivered, 1 sent"),
            (parts.Rule().Status, parts.Rule().Reason));
    }

    [Fact]
    public void Messages_that_do_not_follow_on_the_cut_of_their_receiver_break_the_certificate()
    {
        var parts = new PartsUnderTest(2, A(0), B(1));
        parts.Accept(Local(A(0), [(B(1), 5)], []), Local(B(1), [], [(A(0), 3)]), Channel(A(0), B(1), 2, ["m3", "m4"]));
        parts.Exchange();
        Assert.Equal(CollectionStatus.Failed, parts.Rule().Status);
        Assert.Contains($"{A(0)}->{B(1)}", parts.Rule().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_that_outgrew_its_limit_fails_the_whole()
    {
        var parts = new PartsUnderTest(2, A(0), B(1));
        parts.Accept(new OverflowReport(new(1), Epoch.First, B(1), 7));
        Assert.Equal(
            (CollectionStatus.Failed, $"the recording of {B(1)} has outgrown its limit of 7 messages"), (parts.Rule().Status, parts.Rule().Reason));
    }

    /// <summary>It hears again what it had heard; what others heard from it before stays true.</summary>
    [Fact]
    public void A_part_that_is_lost_is_heard_again_and_hears_again()
    {
        var parts = new PartsUnderTest(2, A(0), B(1));
        parts.Accept(Local(A(0), [(B(1), 5)], []), Local(B(1), [], [(A(0), 3)]));
        parts.Exchange();
        parts.Lose(B(1));
        Assert.True(parts.Rule().MustExchange);
        parts.Exchange();
        Assert.Equal([$"{A(0)}->{B(1)}"], CollectionRuling.Sum(parts.Standings()).WaitingFor);
        parts.Accept(Channel(A(0), B(1), 3, ["m4", "m5"]));
        parts.Lose(A(0));
        parts.Exchange();
        Assert.Equal(CollectionStatus.Complete, parts.Rule().Status);
    }

    [Fact]
    public void A_page_that_comes_late_or_twice_changes_nothing()
    {
        var (teller, hearer) = (Part(A(0), 1, A(0)), Part(B(1), 1, B(1)));
        teller.Accept(Local(A(0), [.. Names.Select(name => (name, 1L))], []));
        var (from, to) = (Two.PartOf(A(0)), Two.PartOf(B(1)));
        var first = teller.Tell(to, default, 1);
        Assert.True(hearer.Hear(first));
        var second = teller.Tell(to, hearer.HeardFrom(from), 100);
        Assert.False(hearer.Hear(second));
        Assert.False(hearer.Hear(second));
        hearer.Hear(first);
        Assert.Equal(new HeardCounts(1, second.Total), hearer.HeardFrom(from));
        Assert.Equal(second.Total, hearer.GetStanding().Progress.ChannelsExpected);
    }

    [Fact]
    public void A_report_of_another_snapshot_epoch_or_part_is_not_taken()
    {
        var part = Part(A(0), 1, A(0));
        Assert.Throws<ArgumentException>(() => part.Accept(Local(A(0), [], []) with { Snapshot = new(2) }));
        Assert.Throws<ArgumentException>(() => part.Accept(Local(B(1), [], [])));
        Assert.Equal(ReportVerdict.WrongEpoch, part.Accept(Local(A(0), [], []) with { Epoch = new(2) }));
        Assert.Equal(ReportVerdict.Accepted, part.Accept(Local(A(0), [], [])));
        Assert.Equal(ReportVerdict.Duplicate, part.Accept(Local(A(0), [], [])));
    }

    /// <summary>
    /// However reports and pages fall, and whatever part is lost between them, the parts say what one builder over all
    /// says.
    /// </summary>
    [Fact]
    public void Parts_say_what_one_collection_says()
    {
        var seen = new Dictionary<CollectionStatus, int>();
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            ImmutableArray<ProcessId> members = [.. Names.Where(_ => random.Next(3) > 0)];
            var reports = RandomReports(random);
            var whole = new GlobalStateBuilder<string, string>(new(1), Epoch.First, members);
            var parts = new PartsUnderTest(random.Next(1, 5), [.. members]);
            foreach (var report in reports)
            {
                Assert.Equal(whole.Accept(report), parts.Accept(report));
                if (random.Next(4) == 0) parts.ExchangeSome(random);
                if (random.Next(12) == 0) parts.Lose(Names[random.Next(Names.Length)]);
            }

            for (var round = 0; round < Names.Length + 1 && !CollectionRuling.HaveHeardAll(parts.Standings()); round++) parts.Exchange();
            Assert.True(CollectionRuling.HaveHeardAll(parts.Standings()), $"seed {seed}");
            var (ruling, progress) = (parts.Rule(), CollectionRuling.Sum(parts.Standings()));
            var expected = whole.GetProgress();
            Assert.True(whole.Status == ruling.Status, $"seed {seed}: {whole.Status} {whole.FailureReason}, {ruling}");
            Assert.Equal(
                (expected.ProcessesRecorded, expected.ProcessesExpected),
                (progress.ProcessesRecorded, progress.ProcessesExpected));
            Assert.Equal(expected.WaitingFor, progress.WaitingFor);
            if (whole.Missing.Count == 0)
            {
                Assert.Equal((expected.ChannelsClosed, expected.ChannelsExpected), (progress.ChannelsClosed, progress.ChannelsExpected));
            }

            seen[whole.Status] = seen.GetValueOrDefault(whole.Status) + 1;
        }

        Assert.All(Enum.GetValues<CollectionStatus>(), status => Assert.True(seen.GetValueOrDefault(status) > 100, $"{status} was rare"));
    }

    private static readonly Partition Two = new(2);

    /// <summary>One of the processes that are of the same part as the first one, of two.</summary>
    private static ProcessId A(int index) => Names.Where(name => Two.PartOf(name) == Two.PartOf(Names[0])).ElementAt(index);

    /// <summary>One of the others.</summary>
    private static ProcessId B(int index) => Names.Where(name => Two.PartOf(name) != Two.PartOf(Names[0])).ElementAt(index);

    private static PartLedger<string, string> Part(ProcessId of, long life, params ProcessId[] members) =>
        new(new(1), Epoch.First, Two, Two.PartOf(of), life, members);

    /// <summary>Reports of a cut of a few channels; now and then one that cannot be, or that is missing.</summary>
    private static List<Report> RandomReports(Random random)
    {
        var channels = new List<(ProcessId Source, ProcessId Target, long Sent, long Delivered)>();
        foreach (var source in Names)
        {
            foreach (var target in Names.Where(name => name != source && random.Next(6) == 0))
            {
                var sent = random.Next(3);
                channels.Add((source, target, sent, random.Next(30) == 0 ? sent + 1 : random.Next(sent + 1)));
            }
        }

        var reports = new List<Report>();
        foreach (var name in Names.Where(_ => random.Next(12) > 0))
        {
            reports.Add(Local(
                name,
                [.. channels.Where(each => each.Source == name && (each.Sent > 0 || random.Next(2) == 0)).Select(each => (each.Target, each.Sent))],
                [.. channels.Where(each => each.Target == name && (each.Delivered > 0 || random.Next(2) == 0)).Select(each => (each.Source, each.Delivered))]));
        }

        foreach (var (source, target, sent, delivered) in channels.Where(each => each.Sent > each.Delivered && random.Next(40) > 0))
        {
            var count = (int)(sent - delivered) + (random.Next(40) == 0 ? 1 : 0);
            reports.Add(Channel(source, target, delivered, [.. Enumerable.Range(1, count).Select(index => $"m{delivered + index}")]));
        }

        return [.. reports.Concat(reports.Where(_ => random.Next(5) == 0).ToList()).OrderBy(_ => random.Next())];
    }
}
