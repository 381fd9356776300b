using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class CollectionPartTests
{
    private static readonly CollectionPace Pace = CollectionPace.Default with { MembersPerPage = 2, AsksAtATime = 2 };
    private static readonly Partition Whole = new(1);

    [Fact]
    public void Members_are_stored_before_anything_is_asked_the_head_after_all_other_pages()
    {
        var part = NewPart();
        Assert.Null(part.TakeWork(default));
        part.Start(Epoch.First, default);
        Assert.IsType<PartWork.Gather>(part.TakeWork(default));
        Assert.Null(part.TakeWork(default));
        part.Gathered(Awake("abcde"));
        var claim = Assert.IsType<PartWork.WriteHead>(part.TakeWork(default));
        Assert.Equal((true, 1), (claim.Head.IsClaim, claim.Head.Generation));
        part.Completed(claim, default);
        var second = Assert.IsType<PartWork.WriteMembers>(part.TakeWork(default));
        Assert.Null(part.TakeWork(default));
        Assert.Equal((1, "cd"), (second.Page, Text(second.Members)));
        part.Completed(second, default);
        var third = Assert.IsType<PartWork.WriteMembers>(part.TakeWork(default));
        Assert.Equal((2, "e"), (third.Page, Text(third.Members)));
        part.Completed(third, default);
        var head = Assert.IsType<PartWork.WriteHead>(part.TakeWork(default));
        Assert.Equal((3, "ab"), (head.Head.MemberPages, Text(head.Head.Members)));
        Assert.False(part.HasStarted);
        Assert.Empty(part.Accept([Local(P, [], [])]));
        part.Completed(head, default);
        Assert.True(part.HasStarted);
        Assert.Equal(5, part.View().Standing.Progress.ProcessesExpected);
    }

    /// <summary>They are members that have been recorded, however many they are, and are neither stored nor asked.</summary>
    [Fact]
    public void Processes_at_rest_are_referred_to()
    {
        var part = new CollectionPart<string, string>(new(1), Whole, 0, life: 7, null, Pace with { FirstAskMs = 0 });
        part.Start(Epoch.First, default);
        Assert.IsType<PartWork.Gather>(part.TakeWork(default));
        part.Gathered([(0, Kept("de", atRest: 3, first: "a")), (1, Kept("", atRest: 0, first: "z"))]);
        var head = Assert.IsType<PartWork.WriteHead>(part.TakeWork(default));
        Assert.Equal(("de", "a"), (Text(head.Head.Members), head.Head.First.Value));
        Assert.Equal([new(0, 5, 1, new(3, 0, UInt128.Zero), 77)], head.Head.Rests);
        part.Completed(head, default);
        part.AskFirst(new("a"));
        Assert.Equal("d", Text(Assert.IsType<PartWork.Ask>(part.TakeWork(default)).Processes));
        Assert.Equal("de", Text(Assert.IsType<PartWork.Ask>(part.TakeWork(default)).Processes));
        var standing = part.View().Standing;
        Assert.Equal((3, 5, 77L, "a"), (standing.Progress.ProcessesRecorded, standing.Progress.ProcessesExpected, standing.Bytes, standing.First.Value));

        // One that is awake again reports what its shard has reported: it has its receipt, and nothing is stored.
        var revision = part.Revision;
        Assert.Equal([ReportVerdict.Duplicate], part.Accept([StateOf("b") with { HasRested = true }]));
        Assert.Equal((revision, null), (part.Revision, part.TakeWork(default)));

        var next = new CollectionPart<string, string>(new(1), Whole, 0, life: 19, head.Head, Pace);
        next.Restore(Ids("de"), default);
        Assert.Equal(standing.Progress, next.View().Standing.Progress with { WaitingFor = standing.Progress.WaitingFor });
        Assert.Equal(77, next.View().Standing.Bytes);
    }

    /// <summary>
    /// (1) d has sent one more message to a than a has delivered, which is at rest; (2) the message does not come. That a is
    /// at rest is looked up, and then both ends are asked.
    /// </summary>
    [Fact]
    public void Whom_a_message_in_transit_to_a_process_at_rest_waits_for_is_looked_up()
    {
        var part = new CollectionPart<string, string>(new(1), Whole, 0, life: 7, null, Pace with { FirstAskMs = 0 });
        var a = new LocalReport<string>(default, Epoch.First, new("a"), "at rest", [], [new(new("d"), new(4))]);
        part.Start(Epoch.First, default);
        part.TakeWork(default);
        part.Gathered([(0, Kept("d", atRest: 1, first: "a") with { Sums = RestSums.Of(a) })]);
        part.Completed(part.TakeWork(default)!, default);
        part.Accept([StateOf("d") with { Sent = [new(new("a"), new(5))] }]);
        part.Completed(Assert.IsType<PartWork.WriteReports>(part.TakeWork(default)), default);
        var standing = part.View().Standing;
        Assert.Equal((0, 0, 1), (standing.MissingProcesses, standing.OpenChannels, standing.Unknown));
        Assert.NotEqual(UInt128.Zero, standing.Balance);
        Assert.True(CollectionRuling.Of([standing]).MustResolve);
        Assert.Null(part.TakeWork(default));
        part.Resolve();
        var find = Assert.IsType<PartWork.Find>(part.TakeWork(default));
        Assert.Equal("a", Text(find.Processes));
        part.Found(find.Processes, [a]);
        standing = part.View().Standing;
        Assert.Equal((1, 0, "d->a"), (standing.OpenChannels, standing.Unknown, Assert.Single(standing.Progress.WaitingFor)));
        var works = Works(part, new(1000));
        Assert.Equal("ad", Text([.. works.OfType<PartWork.Ask>().Single().Processes.Order()]));
        part.Probed(works.OfType<PartWork.Probe>().Single(), exists: false);
        part.Accept([new ChannelReport<string>(new(1), Epoch.First, new("a"), new("d"), new(4), ["m"])]);
        part.Completed(Assert.IsType<PartWork.WriteReports>(part.TakeWork(default)), default);
        standing = part.View().Standing;
        Assert.Equal((0, UInt128.Zero, 1L, 1), (standing.OpenChannels, standing.Balance, standing.Messages, standing.Progress.ChannelsExpected));
        Assert.Equal(CollectionStatus.Complete, CollectionRuling.Of([standing]).Status);
    }

    /// <summary>d has sent less than a has delivered, so that nothing can be in transit; or what is looked for is damaged.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_can_never_balance_or_be_found_fails_the_snapshot_at_once(bool isDamaged)
    {
        var part = new CollectionPart<string, string>(new(1), Whole, 0, life: 7, null, Pace);
        var a = new LocalReport<string>(default, Epoch.First, new("a"), "at rest", [], [new(new("d"), new(7))]);
        part.Start(Epoch.First, default);
        part.TakeWork(default);
        part.Gathered([(0, Kept("d", atRest: 1, first: "a") with { Sums = RestSums.Of(a) })]);
        part.Completed(part.TakeWork(default)!, default);
        part.Accept([StateOf("d") with { Sent = [new(new("a"), new(5)), new(new("x"), new(1))] }]);
        part.Completed(Assert.IsType<PartWork.WriteReports>(part.TakeWork(default)), default);
        part.Resolve();
        Assert.Equal("ax", Text(Assert.IsType<PartWork.Find>(part.TakeWork(default)).Processes));
        if (isDamaged) part.CannotFind("a row is missing");
        else part.Found([new("a"), new("x")], [a]);
        var ruling = CollectionRuling.Of([part.View().Standing]);
        Assert.Equal((isDamaged, !isDamaged), (ruling.Reason == "a row is missing", ruling.Status == CollectionStatus.Running));
        if (isDamaged) return;

        // No shard may know x yet: it is asked, since nothing else wakes it.
        var works = Works(part, new(1000));
        Assert.Equal("x", Text(Assert.Single(works.OfType<PartWork.Ask>()).Processes));
        foreach (var probe in works.OfType<PartWork.Probe>()) part.Probed(probe, exists: false);
        part.Accept([StateOf("x"), new ChannelReport<string>(new(1), Epoch.First, new("x"), new("d"), default, ["m"])]);
        part.Completed(Assert.IsType<PartWork.WriteReports>(part.TakeWork(default)), default);
        ruling = CollectionRuling.Of([part.View().Standing]);
        Assert.Equal(CollectionStatus.Failed, ruling.Status);
        Assert.Contains("does not balance", ruling.Reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// (1) d pays a newcomer, whose channel state comes, while its local state is lost; (2) the counts balance. The newcomer
    /// says that it never rested, so it is a member that is missing.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_newcomer_is_missing_whose_channel_state_alone_has_come(bool isPayerFirst)
    {
        var part = new CollectionPart<string, string>(new(1), Whole, 0, life: 7, null, Pace);
        part.Start(Epoch.First, default);
        part.TakeWork(default);
        part.Gathered([(0, Kept("d", atRest: 1, first: "a"))]);
        part.Completed(part.TakeWork(default)!, default);
        Report payer = StateOf("d") with { Sent = [new(new("x"), new(1))] };
        Report state = new ChannelReport<string>(new(1), Epoch.First, new("x"), new("d"), default, ["m"]);
        foreach (var report in isPayerFirst ? [payer, state] : new[] { state, payer })
        {
            part.Accept([report]);
            part.Completed(Assert.IsType<PartWork.WriteReports>(part.TakeWork(default)), default);
        }

        var standing = part.View().Standing;
        Assert.Equal((1, "x"), (standing.MissingProcesses, Assert.Single(standing.Progress.WaitingFor)));
        part.Accept([StateOf("x")]);
        part.Completed(Assert.IsType<PartWork.WriteReports>(part.TakeWork(default)), default);
        standing = part.View().Standing;
        Assert.Equal((UInt128.Zero, 3, 1L), (standing.Balance, standing.Progress.ProcessesRecorded, standing.Messages));
        Assert.Equal(CollectionStatus.Complete, CollectionRuling.Of([standing]).Status);
    }

    /// <summary>Nobody is left who could say where the difference comes from.</summary>
    [Fact]
    public void Counts_of_processes_at_rest_that_do_not_balance_fail_the_snapshot()
    {
        var part = new CollectionPart<string, string>(new(1), Whole, 0, life: 7, null, Pace);
        var a = new LocalReport<string>(default, Epoch.First, new("a"), "at rest", [new(new("b"), new(4))], []);
        var b = new LocalReport<string>(default, Epoch.First, new("b"), "at rest", [], [new(new("a"), new(3))]);
        part.Start(Epoch.First, default);
        part.TakeWork(default);
        part.Gathered([(0, Kept("", atRest: 2, first: "a") with { Sums = RestSums.Of(a) + RestSums.Of(b) })]);
        part.Completed(part.TakeWork(default)!, default);
        var ruling = CollectionRuling.Of([part.View().Standing]);
        Assert.Equal(CollectionStatus.Failed, ruling.Status);
        Assert.Contains("does not balance", ruling.Reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// (1) A life gathers and writes a page; (2) the next one gathers, too, with a newcomer, and writes other pages; (3) the
    /// first one goes on. Its head with the pages of the second one would lack a member.
    /// </summary>
    [Fact]
    public void A_life_claims_its_pages_and_replaces_none_of_a_later_life()
    {
        var claim = new PartHead(Epoch.First, 0, []) { Generation = 1 };
        var next = new CollectionPart<string, string>(new(1), Whole, 0, life: 19, claim, Pace);
        Assert.False(next.HasStarted);
        next.Start(Epoch.First, default);
        Assert.IsType<PartWork.Gather>(next.TakeWork(default));
        next.Gathered(Awake("abcd"));
        var second = Assert.IsType<PartWork.WriteHead>(next.TakeWork(default));
        Assert.Equal((true, 2), (second.Head.IsClaim, second.Head.Generation));
        next.Completed(second, default);
        var page = Assert.IsType<PartWork.WriteMembers>(next.TakeWork(default));
        Assert.Equal((true, true, false), (page.MayReplace(1), page.MayReplace(2), page.MayReplace(3)));
        next.Completed(page, default);
        Assert.Equal((2, 2), (Assert.IsType<PartWork.WriteHead>(next.TakeWork(default)).Head.MemberPages, page.Generation));
    }

    /// <summary>
    /// (1) A part lists its shards, finds nobody and counts; (2) its life ends, a process registers; (3) the next life
    /// must not list again, since the snapshot may be complete without that process.
    /// </summary>
    [Fact]
    public void A_part_without_members_stores_that_before_it_counts()
    {
        var part = NewPart();
        part.Start(Epoch.First, default);
        part.TakeWork(default);
        part.Gathered(Awake(""));
        Assert.False(part.HasStarted);
        part.Completed(Assert.IsType<PartWork.WriteHead>(part.TakeWork(default)), default);
        Assert.True(part.HasStarted);
        Assert.Equal(0, part.View().Standing.Progress.ProcessesExpected);
        part.Accept([Local(P, [], [])]);
        Assert.Equal(0, part.DurableRevision);
        part.Completed(Assert.IsType<PartWork.WriteReports>(part.TakeWork(default)), default);
        Assert.Equal((1L, 1), (part.DurableRevision, part.ReportPages));
    }

    [Fact]
    public void A_shard_that_cannot_be_reached_is_marked_again_with_growing_pauses()
    {
        var part = NewPart();
        part.Start(Epoch.First, default);
        var now = default(Instant);
        foreach (var pauseMs in new[] { 100, 200, 400 })
        {
            part.Failed(Assert.IsType<PartWork.Gather>(part.TakeWork(now)), now);
            Assert.Null(part.TakeWork(now));
            Assert.Equal(now.After(pauseMs), part.DueAt);
            now = now.After(pauseMs);
        }

        Assert.IsType<PartWork.Gather>(part.TakeWork(now));
    }

    [Fact]
    public void A_start_that_comes_after_the_end_gathers_nothing()
    {
        var part = NewPart();
        part.Start(Epoch.First, default);
        part.TakeWork(default);
        part.Learn(Announcement(1));
        part.Gathered(Awake("a"));
        Assert.True(part.HasEnded);
        Assert.Null(part.TakeWork(default));
        Assert.Equal([ReportVerdict.Duplicate], part.Accept([Local(P, [], [])])); // It may be forgotten.
    }

    [Fact]
    public void A_report_counts_and_is_acknowledged_when_it_is_stored_and_so_is_one_that_comes_again()
    {
        var part = Started("pq");
        Assert.Equal([ReportVerdict.Accepted], part.Accept([Local(P, [], [])]));
        var write = Assert.IsType<PartWork.WriteReports>(part.TakeWork(default));
        Assert.Equal([ReportVerdict.Duplicate, ReportVerdict.Accepted], part.Accept([Local(P, [], []), Local(Q, [], [])]));
        Assert.Equal((0, 0L, 2L), (part.View().Standing.Progress.ProcessesRecorded, part.DurableRevision, part.Revision));
        var version = part.Version;
        part.Completed(write, default);
        Assert.Equal((1, 1L), (part.View().Standing.Progress.ProcessesRecorded, part.DurableRevision));
        Assert.NotEqual(version, part.Version);
        part.Completed(Assert.IsType<PartWork.WriteReports>(part.TakeWork(default)), default);
        Assert.Equal((2, 2L), (part.View().Standing.Progress.ProcessesRecorded, part.DurableRevision));
        Assert.Equal([ReportVerdict.Duplicate], part.Accept([Local(P, [], [])]));
        Assert.Equal(part.Revision, part.DurableRevision); // It is answered at once.
    }

    /// <summary>
    /// (1) A report is being written; (2) it comes again; (3) the write fails: the second one must get no receipt.
    /// </summary>
    [Fact]
    public void A_write_that_fails_ends_the_life_and_acknowledges_nothing()
    {
        var part = Started("pq");
        part.Accept([Local(P, [], [])]);
        var write = part.TakeWork(default)!;
        part.Accept([Local(P, [], [])]);
        part.Failed(write, default);
        Assert.Equal((true, 0L), (part.IsOver, part.DurableRevision));
        Assert.Null(part.TakeWork(default));
        Assert.Null(part.DueAt);
        Assert.Throws<InvalidOperationException>(() => part.Accept([Local(P, [], [])]));
    }

    [Fact]
    public void Illegal_reports_change_nothing()
    {
        var part = Started("pq");
        Assert.Throws<ArgumentException>(() => part.Accept([Local(P, [], []), Local(Q, [], [], snapshot: 2)]));
        Assert.Equal([ReportVerdict.WrongEpoch], part.Accept([Local(P, [], [], epoch: 2)]));
        Assert.Null(part.TakeWork(default));
        Assert.Equal(0, part.Revision);
    }

    /// <summary>
    /// A stale life has taken a report, stored it and confirmed it, after this one had read the pages.
    /// </summary>
    [Fact]
    public void A_page_that_another_life_wrote_ends_this_one()
    {
        var part = Started("p");
        var now = new Instant(Pace.LookMs);
        var works = Works(part, now);
        var probe = works.OfType<PartWork.Probe>().Single();
        Assert.Equal((PartRow.Reports, 0), (probe.Row, probe.Page));
        part.Probed(probe, exists: false);
        Assert.False(part.IsOver);
        part.Completed(works.OfType<PartWork.Look>().Single(), now);
        part.Completed(works.OfType<PartWork.Ask>().Single(), now);
        Assert.Null(part.TakeWork(now));
        probe = Works(part, now.After(Pace.LookMs)).OfType<PartWork.Probe>().Single();
        part.Probed(probe, exists: true);
        Assert.True(part.IsOver);
    }

    [Fact]
    public void A_life_goes_on_from_what_is_stored()
    {
        var part = new CollectionPart<string, string>(new(1), Whole, 0, life: 9, new(Epoch.First, 1, [.. Ids("pq")]), Pace);
        part.Restore(Ids("pq"), default);
        part.Restore([Local(P, [], [])]);
        Assert.Equal((1, 1), (part.ReportPages, part.View().Standing.Progress.ProcessesRecorded));
        Assert.Equal([ReportVerdict.Duplicate, ReportVerdict.Accepted], part.Accept([Local(P, [], []), Local(Q, [], [])]));
        Assert.Equal(1, Assert.IsType<PartWork.WriteReports>(part.TakeWork(default)).Page);
    }

    [Fact]
    public void Of_an_ended_snapshot_only_the_pages_are_counted()
    {
        var part = new CollectionPart<string, string>(new(1), Whole, 0, life: 9, new(Epoch.First, 1, [.. Ids("pq")]), Pace);
        part.Learn(Announcement(1));
        part.Restore([], default);
        part.Restore([Local(P, [], [])]);
        Assert.Equal((1, 1, false), (part.MemberPages, part.ReportPages, part.HasStarted));
        Assert.Null(part.TakeWork(new(60_000)));
    }

    [Fact]
    public void Processes_are_asked_some_at_a_time_and_those_that_have_reported_are_left_out()
    {
        var part = Started("abcpq");
        Assert.Equal(new Instant(Pace.FirstAskMs), part.DueAt);
        var now = part.DueAt!.Value;
        var first = Assert.IsType<PartWork.Ask>(part.TakeWork(now));
        Assert.Equal("ab", Text(first.Processes));
        Assert.Null(part.TakeWork(now));
        part.Accept([Local(P, [], [])]);
        part.Completed(part.TakeWork(now)!, now);
        part.Completed(first, now);
        var second = Assert.IsType<PartWork.Ask>(part.TakeWork(now));
        Assert.Equal("cq", Text(second.Processes));
        part.Failed(second, now); // It ends the round as well as an answer does.
        Assert.Null(part.TakeWork(now));
        Assert.Equal(now.After(Pace.Asks.FirstMs), part.DueAt);
    }

    [Fact]
    public void The_initiator_is_asked_at_once_or_another_one_if_it_is_not_missing()
    {
        var part = Started("apq");
        part.AskFirst(Q);
        Assert.Equal("q", Text(Assert.IsType<PartWork.Ask>(part.TakeWork(default)).Processes));
        part.AskFirst(new("nobody"));
        Assert.Equal("a", Text(Assert.IsType<PartWork.Ask>(part.TakeWork(default)).Processes));
    }

    [Fact]
    public void Counts_are_heard_until_there_are_no_more_and_a_part_that_does_not_answer_is_left_to_the_collector()
    {
        var two = new Partition(2);
        var (here, there) = (two.PartOf(P), 1 - two.PartOf(P));
        var part = new CollectionPart<string, string>(new(1), two, here, life: 9, new(Epoch.First, 1, [P]), Pace);
        part.Restore([P], default);
        part.Exchange([0, 1]);
        var hear = Assert.IsType<PartWork.Hear>(part.TakeWork(default));
        Assert.Equal((there, default), (hear.From, hear.Heard));
        part.Exchange([0, 1]); // It is being heard.
        Assert.Null(part.TakeWork(default));
        var other = new ProcessId("other");
        part.Heard(new(there, 4, 0, [new(new(other, P), ChannelEnd.Source, new(0))], 2));
        Assert.True(part.IsHearing);
        hear = Assert.IsType<PartWork.Hear>(part.TakeWork(default));
        Assert.Equal(new HeardCounts(4, 1), hear.Heard);
        part.Failed(hear, default);
        Assert.False(part.IsHearing);
        Assert.Null(part.TakeWork(default));
    }

    [Fact]
    public void An_end_frees_what_waits_and_answers_it()
    {
        var part = Started("pq");
        part.Accept([Local(P, [], [])]);
        part.End();
        Assert.Equal(part.Revision, part.DurableRevision); // It may be forgotten.
        Assert.Null(part.TakeWork(new(60_000)));
        Assert.Null(part.DueAt);
        Assert.Throws<InvalidOperationException>(() => part.View());
    }

    [Fact]
    public void The_index_says_when_it_is_over_if_the_collector_is_lost()
    {
        var part = Started("pq");
        var look = Works(part, new(Pace.LookMs)).OfType<PartWork.Look>().Single();
        part.Learn(Announcement(1));
        part.Completed(look, new(Pace.LookMs));
        Assert.True(part.HasEnded);
        Assert.Null(part.TakeWork(new(60_000)));
    }

    /// <summary>
    /// Whatever an earlier life has left, and wherever a deletion was cut short, the next one leaves nothing.
    /// </summary>
    [Fact]
    public void A_deletion_that_is_cut_short_at_any_step_is_completed_by_the_next_one()
    {
        for (var steps = 0; steps < 15; steps++)
        {
            // Pages of members without the head that names them: a life was lost between the two.
            foreach (var hasHead in new[] { true, false })
            {
                var rows = new HashSet<(PartRow, int)> { (PartRow.Members, 1), (PartRow.Members, 2) };
                if (hasHead) rows.UnionWith([(PartRow.Head, 0), (PartRow.Reports, 0), (PartRow.Reports, 1)]);
                Delete(rows, steps);
                Delete(rows, int.MaxValue);
                Assert.Empty(rows);
            }
        }
    }

    [Fact]
    public void A_deletion_waits_for_the_write_that_is_under_way_and_clears_it_too()
    {
        var part = Started("pq");
        part.Accept([Local(P, [], [])]);
        var write = part.TakeWork(default)!;
        part.Delete();
        Assert.Null(part.TakeWork(default));
        part.Completed(write, default);
        Assert.True(part.DurableRevision < part.Revision);
        part.Completed(Assert.IsType<PartWork.Drop>(part.TakeWork(default)), default);
        part.Probed(Assert.IsType<PartWork.Probe>(part.TakeWork(default)), exists: true);
        part.Probed(Assert.IsType<PartWork.Probe>(part.TakeWork(default)), exists: false);
        part.Probed(Assert.IsType<PartWork.Probe>(part.TakeWork(default)), exists: false);
        Assert.Equal(new PartWork.Clear(PartRow.Reports, 0), part.TakeWork(default));
    }

    [Fact]
    public void A_member_that_is_damaged_fails_the_snapshot_at_once_and_the_first_reason_stands()
    {
        var part = Started("ab");
        var version = part.Version;
        part.CannotReport(new("a"), "a is damaged: entry 3 is missing");
        part.CannotReport(new("b"), "b is damaged, too");
        Assert.NotEqual(version, part.Version);
        Assert.Equal("a is damaged: entry 3 is missing", part.View().Standing.Failure);
        Assert.Equal(CollectionStatus.Failed, CollectionRuling.Of([part.View().Standing]).Status);
    }

    /// <summary>The snapshot needs nothing more of it.</summary>
    [Fact]
    public void A_member_that_is_damaged_when_it_has_reported_fails_nothing()
    {
        var part = Started("pq");
        part.Accept([Local(P, [], [])]);
        part.Completed(Assert.IsType<PartWork.WriteReports>(part.TakeWork(default)), default);
        part.CannotReport(P, "p is damaged: entry 3 is missing");
        Assert.Equal(string.Empty, part.View().Standing.Failure);
    }

    /// <summary>
    /// (1) A process records, reports and pays; (2) it is damaged, so its payment and its marker never arrive. Its receiver
    /// waits, and is sound.
    /// </summary>
    [Fact]
    public void A_damaged_sender_fails_the_snapshot_that_waits_for_its_messages()
    {
        var part = Started("pq");
        part.Accept([Local(P, [(Q, 1)], []), Local(Q, [], [])]);
        part.Completed(part.TakeWork(default)!, default);
        Assert.Contains(P, Works(part, new(60_000)).OfType<PartWork.Ask>().SelectMany(ask => ask.Processes));
        part.CannotReport(P, "p is damaged");
        Assert.Equal("p is damaged", part.View().Standing.Failure);
    }

    private static void Delete(HashSet<(PartRow Row, int Page)> rows, int steps)
    {
        var head = rows.Contains((PartRow.Head, 0)) ? new PartHead(Epoch.First, 3, []) : null;
        var part = new CollectionPart<string, string>(new(1), Whole, 0, life: 9, head, Pace);
        part.Learn(Announcement(1));
        if (head is not null) part.Restore([], default);
        while (head is not null && rows.Contains((PartRow.Reports, part.ReportPages))) part.Restore([]);
        part.Delete();
        for (; steps > 0 && part.TakeWork(default) is { } work; steps--)
        {
            if (work is PartWork.Probe probe)
            {
                part.Probed(probe, rows.Contains((probe.Row, probe.Page)));
                continue;
            }

            if (work is PartWork.Clear clear) rows.Remove((clear.Row, clear.Page));
            else Assert.IsType<PartWork.Drop>(work);
            part.Completed(work, default);
        }

        if (rows.Count == 0 && steps > 0) Assert.Equal((true, part.Revision), (part.IsOver, part.DurableRevision));
    }

    /// <summary>A storage takes rows up to a size, and those of large states come to it soon.</summary>
    [Fact]
    public void A_page_of_reports_is_bounded_by_bytes_and_a_larger_report_has_its_own()
    {
        var part = new CollectionPart<string, string>(
            new(1), Whole, 0, life: 7, null, Pace with { BytesPerPage = 10 }, report => report.Process.Value == "c" ? 50 : 5);
        part.Start(Epoch.First, default);
        Assert.IsType<PartWork.Gather>(part.TakeWork(default));
        part.Gathered(Awake("abcde"));
        while (!part.HasStarted) part.Completed(part.TakeWork(default)!, default);
        part.Accept([.. "abcde".Select(id => StateOf($"{id}"))]);
        var pages = new List<string>();
        while (part.TakeWork(default) is { IsStorage: true } work)
        {
            if (work is PartWork.WriteReports write) pages.Add(Text([.. write.Reports.Select(report => report.Process)]));
            part.Completed(work, default);
        }

        Assert.Equal(["ab", "c", "de"], pages);
        Assert.Equal(5, part.View().Standing.Progress.ProcessesRecorded);
    }

    private static (int Shard, KeptRests Kept)[] Awake(string members) => [(0, Kept(members, atRest: 0, first: "a") with { Number = 0, Rows = [] })];

    private static KeptRests Kept(string awake, int atRest, string first) => new(
        5, Epoch.First, new(first), [.. Ids(awake)], new(atRest, 0, UInt128.Zero), [default, new(3, 4)])
    {
        Bytes = 77,
    };

    private static LocalReport<string> StateOf(string process) => new(new(1), Epoch.First, new(process), "state", [], []);

    private static CollectionPart<string, string> NewPart() => new(new(1), Whole, 0, life: 9, stored: null, Pace);

    private static CollectionPart<string, string> Started(string members)
    {
        var part = new CollectionPart<string, string>(new(1), Whole, 0, life: 9, new(Epoch.First, 1, [.. Ids(members)]), Pace);
        part.Restore(Ids(members), default);
        return part;
    }

    private static List<PartWork> Works(CollectionPart<string, string> part, Instant now)
    {
        var works = new List<PartWork>();
        while (part.TakeWork(now) is { } work) works.Add(work);
        return works;
    }

    private static IEnumerable<ProcessId> Ids(string names) => names.Select(name => new ProcessId($"{name}"));

    private static string Text(IEnumerable<ProcessId> processes) => string.Concat(processes.Select(process => process.Value));
}
