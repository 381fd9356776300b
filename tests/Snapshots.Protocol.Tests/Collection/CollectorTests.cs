namespace Snapshots.Protocol.Tests;

public sealed class CollectorTests
{
    private const long StartedAtMs = 1_000_000;
    private static readonly CollectionPace Pace = CollectionPace.Default;
    private static readonly SnapshotAnnouncement Open = Given.Announcement(1, 1);

    private static readonly SnapshotSummary Summary = SnapshotSummary.Begin(
        new(new("s"), default, TimeSpan.FromSeconds(8)), new(1), Epoch.First, StartedAtMs);

    [Fact]
    public void Nothing_is_done_before_the_summary_is_stored()
    {
        var collector = NewCollector();
        Assert.Null(collector.TakeWork(default));
        collector.Start(Summary, default);
        collector.Start(Summary, default);
        Assert.IsType<CollectorWork.Look>(collector.TakeWork(default));
        Assert.Null(collector.TakeWork(default));
        collector.Looked(Open);
        var write = Assert.IsType<CollectorWork.Write>(collector.TakeWork(default));
        Assert.Null(collector.TakeWork(default));
        Assert.Null(collector.View);
        collector.Completed(write, default);
        Assert.Equal(SnapshotStatus.Running, collector.View!.Summary.Status);
        Assert.All(Works(collector), work => Assert.IsType<CollectorWork.Follow>(work));
    }

    /// <summary>(1) The index has called; (2) the snapshot has ended and was deleted; (3) the call arrives.</summary>
    [Fact]
    public void A_start_that_comes_after_the_deletion_begins_nothing()
    {
        var collector = NewCollector();
        collector.Start(Summary, default);
        collector.TakeWork(default);
        collector.Looked(Given.Announcement(1));
        Assert.True(collector.IsOver);
        Assert.Null(collector.TakeWork(default));
    }

    [Fact]
    public void The_first_member_is_asked_first_if_no_initiator_was_named()
    {
        var collector = Running(out var follows);
        collector.Followed(follows[0], View(0, recorded: 0, expected: 1, first: "m"), default);
        Assert.DoesNotContain(Works(collector), work => work is CollectorWork.AskFirst);
        collector.Followed(follows[1], View(1, recorded: 0, expected: 1, first: "d"), default);
        var ask = Assert.Single(Works(collector).OfType<CollectorWork.AskFirst>());
        Assert.Equal((new ProcessId("d"), new Partition(2).PartOf(new("d"))), (ask.Process, ask.Part));
        Assert.Equal(new ProcessId("d"), collector.View!.Summary.Initiator);
    }

    [Fact]
    public void Only_parts_that_have_not_heard_something_are_told_to_exchange_and_only_with_those()
    {
        var collector = Running(out var follows);
        collector.Followed(follows[0], View(0, told: [0, 2]), default);
        collector.Followed(follows[1], View(1), default);
        var exchange = Assert.Single(Works(collector).OfType<CollectorWork.Exchange>());
        Assert.Equal((1, 0), (exchange.Part, Assert.Single(exchange.From)));
        collector.Failed(exchange, new(10));
        Assert.DoesNotContain(Works(collector, new(10)), work => work is CollectorWork.Exchange);
        Assert.True(collector.DueAt > new Instant(10));
        Assert.IsType<CollectorWork.Exchange>(Assert.Single(Works(collector, new(10 + Pace.Retries.FirstMs))));
    }

    /// <summary>What an earlier life of a part had told may have been less, or in another order.</summary>
    [Fact]
    public void Counts_that_were_heard_from_an_earlier_life_of_a_part_are_heard_again()
    {
        var collector = Running(out var follows);
        collector.Followed(follows[0], View(0, told: [0, 2]), default);
        collector.Followed(follows[1], View(1, heard: [new(Life: 7, Count: 2), default]), default);
        Assert.Equal(1, Assert.Single(Works(collector).OfType<CollectorWork.Exchange>()).Part);
    }

    [Fact]
    public void An_end_is_stored_before_it_is_told_and_told_until_the_index_has_heard_it()
    {
        var collector = Running(out var follows);
        Complete(collector, follows);
        var write = Assert.IsType<CollectorWork.Write>(Assert.Single(Works(collector, new(40))));
        Assert.Equal(SnapshotStatus.Running, collector.View!.Summary.Status);
        Assert.Null(collector.DueAt); // However long the write takes.
        Assert.Equal(
            (SnapshotStatus.Completed, StartedAtMs + 40, 2, 3, 5),
            (write.Record.Summary.Status, write.Record.Summary.EndedAtMs, write.Record.Summary.Processes, write.Record.Summary.Channels, write.Record.Summary.MessagesInTransit));
        collector.Completed(write, new(50));
        Assert.Equal(SnapshotStatus.Completed, collector.View!.Summary.Status);
        var tell = Assert.IsType<CollectorWork.Tell>(Assert.Single(Works(collector, new(50))));
        collector.Failed(tell, new(60));
        Assert.Empty(Works(collector, new(60)));
        Assert.Equal(tell, Assert.Single(Works(collector, collector.DueAt!.Value)));
        collector.Completed(tell, new(70));
        Assert.Equal([new CollectorWork.EndPart(0), new CollectorWork.EndPart(1)], Works(collector, new(70)));
        Assert.Null(collector.DueAt);
        collector.Start(Summary, new(80)); // The index has lost it.
        Assert.Equal(tell, Assert.Single(Works(collector, new(80))));
    }

    /// <summary>
    /// The figures of the end are those that were judged, whatever the parts say while it is being written.
    /// </summary>
    [Fact]
    public void What_comes_after_the_decision_changes_nothing()
    {
        var collector = Running(out var follows);
        Complete(collector, follows);
        var write = (CollectorWork.Write)Assert.Single(Works(collector));
        collector.Abort("too late", default);
        collector.Followed(new CollectorWork.Follow(0, Epoch.First, 1), View(0, recorded: 0, expected: 9, version: 7), default);
        collector.Completed(write, default);
        Assert.Equal((SnapshotStatus.Completed, 2), (collector.View!.Summary.Status, collector.View.Summary.Processes));
        Assert.Equal(collector.Revision, collector.DurableRevision); // The abort is answered: it has ended.
    }

    [Fact]
    public void The_first_decision_stands_also_while_another_write_is_under_way()
    {
        var collector = Running(out var follows);
        var elapsed = Assert.Single(Works(collector, new(2000)));
        Complete(collector, follows);
        collector.Abort("too late", default);
        Assert.Empty(Works(collector, new(2000)));
        collector.Completed(elapsed, new(2000));
        var end = Assert.IsType<CollectorWork.Write>(Assert.Single(Works(collector, new(2000))));
        Assert.Equal(SnapshotStatus.Completed, end.Record.Summary.Status);
    }

    /// <summary>Two calls of one part may be answered in either order.</summary>
    [Fact]
    public void An_older_view_of_a_part_changes_nothing()
    {
        var collector = Running(out var follows);
        collector.Followed(follows[1], View(1), default);
        collector.Followed(follows[0], View(0, recorded: 1, expected: 2, version: 2), default);
        collector.Followed(follows[0], View(0, recorded: 0, expected: 2, version: 1), default);
        Assert.Equal(2, collector.View!.Progress.ProcessesRecorded);
    }

    [Fact]
    public void A_write_of_the_end_that_fails_ends_the_life_and_the_next_one_collects_again()
    {
        var collector = Running(out var follows);
        Complete(collector, follows);
        var stored = new CollectorRecord(Summary, 0, null);
        collector.Failed(Assert.Single(Works(collector)), default);
        Assert.True(collector.IsOver);
        Assert.Empty(Works(collector));
        Assert.Throws<InvalidOperationException>(() => collector.Abort("x", default));

        var next = NewCollector(stored);
        var works = Works(next);
        next.Completed(works.OfType<CollectorWork.Write>().Single(), default); // How long it has run.
        Complete(next, [.. works.OfType<CollectorWork.Follow>()]);
        Assert.Equal(SnapshotStatus.Completed, Assert.Single(Works(next).OfType<CollectorWork.Write>()).Record.Summary.Status);
    }

    [Fact]
    public void A_life_that_starts_after_the_end_tells_it()
    {
        var ended = Summary with { Status = SnapshotStatus.Completed, EndedAtMs = StartedAtMs };
        var collector = NewCollector(new(ended, 0, null));
        Assert.Empty(Works(collector)); // It may have been activated to be read.
        collector.Start(Summary, default);
        Assert.Equal(new CollectorWork.Tell(ended), Assert.Single(Works(collector)));
    }

    [Fact]
    public void An_abort_is_answered_when_its_end_is_stored_and_names_how_far_it_was()
    {
        var collector = Running(out var follows);
        collector.Followed(follows[0], View(0, recorded: 0, expected: 1, waitingFor: "a"), default);
        collector.Followed(follows[1], View(1), default);
        collector.Abort("by hand", default);
        collector.Abort("again", default);
        Assert.True(collector.DurableRevision < collector.Revision);
        var write = Works(collector).OfType<CollectorWork.Write>().Single();
        collector.Completed(write, default);
        Assert.Equal(collector.Revision, collector.DurableRevision);
        Assert.Equal((SnapshotStatus.Aborted, "by hand"), (write.Record.Summary.Status, write.Record.Summary.Reason));
        Assert.Equal(["a"], collector.View!.Progress.WaitingFor);
    }

    [Fact]
    public void An_abort_before_the_start_is_kept_for_it()
    {
        var collector = NewCollector();
        collector.Abort("at once", default);
        collector.Start(Summary, default);
        collector.TakeWork(default);
        collector.Looked(Open);
        collector.Completed(collector.TakeWork(default)!, default);
        Assert.True(collector.DurableRevision < collector.Revision);
        var write = Assert.IsType<CollectorWork.Write>(collector.TakeWork(default));
        Assert.Equal("at once", write.Record.Summary.Reason);
        collector.Completed(write, default);
        Assert.Equal(collector.Revision, collector.DurableRevision);
    }

    [Fact]
    public void The_timeout_counts_the_time_of_the_host_and_names_what_is_missing()
    {
        var collector = Running(out var follows, new(100));
        collector.Followed(follows[0], View(0, recorded: 0, expected: 1, waitingFor: "b"), new(100));
        collector.Followed(follows[1], View(1, recorded: 0, expected: 1, waitingFor: "a"), new(100));
        Works(collector, new(100));
        for (var step = 1; step < 8; step++)
        {
            Assert.Equal(new Instant(100 + (1000 * step)), collector.DueAt);
            var elapsed = Assert.IsType<CollectorWork.Write>(Assert.Single(Works(collector, collector.DueAt!.Value)));
            Assert.Equal(1000 * step, elapsed.Record.ElapsedMs);
            collector.Completed(elapsed, collector.DueAt!.Value);
        }

        Assert.Empty(Works(collector, new(8099)));
        var write = (CollectorWork.Write)Assert.Single(Works(collector, new(8100)));
        Assert.Equal("timed out after 8 s, waiting for a, b", write.Record.Summary.Reason);
    }

    /// <summary>However often it is lost, and however soon, a snapshot does not stay open for ever.</summary>
    [Fact]
    public void A_life_that_starts_from_a_record_assumes_that_the_one_before_ran_a_step_longer()
    {
        var stored = new CollectorRecord(Summary, 0, null);
        for (var life = 1; life < 8; life++)
        {
            var collector = NewCollector(stored);
            var write = Assert.Single(Works(collector).OfType<CollectorWork.Write>());
            Assert.Equal((SnapshotStatus.Running, 1000L * life), (write.Record.Summary.Status, write.Record.ElapsedMs));
            stored = write.Record;
        }

        var last = Assert.Single(Works(NewCollector(stored)).OfType<CollectorWork.Write>());
        Assert.Equal((SnapshotStatus.Aborted, "timed out after 8 s, waiting for the directory"), (last.Record.Summary.Status, last.Record.Summary.Reason));
    }

    [Fact]
    public void Clocks_that_differ_do_not_make_an_end_before_its_start()
    {
        var collector = new Collector(new(1), new(2), new(Summary, 0, null), Pace, default, StartedAtMs - 500_000);
        collector.Abort("x", default);
        Assert.Equal(StartedAtMs, Assert.Single(Works(collector).OfType<CollectorWork.Write>()).Record.Summary.EndedAtMs);
    }

    [Fact]
    public void An_overflow_aborts_at_once()
    {
        var collector = Running(out var follows);
        collector.Followed(follows[0], View(0, failure: "the recording of p has outgrown its limit of 3 messages"), default);
        collector.Followed(follows[1], View(1, recorded: 0, expected: 1), default);
        Assert.StartsWith("the recording of p", Works(collector).OfType<CollectorWork.Write>().Single().Record.Summary.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_is_not_reached_is_followed_again_with_growing_pauses()
    {
        var collector = Running(out var follows);
        var now = default(Instant);
        foreach (var pauseMs in new[] { 100, 200, 400 })
        {
            collector.Failed(follows[0], now);
            Assert.Empty(Works(collector, now));
            Assert.Equal(now.After(pauseMs), collector.DueAt);
            now = now.After(pauseMs);
            Assert.Equal(follows[0], Assert.Single(Works(collector, now)));
        }
    }

    [Fact]
    public void A_deletion_clears_the_record_when_all_parts_are_deleted_and_starts_over_when_one_fails()
    {
        var record = new CollectorRecord(Summary with { Status = SnapshotStatus.Aborted }, 0, null);
        var collector = NewCollector(record);
        Assert.True(collector.Delete());
        var deletes = Works(collector);
        Assert.Equal([new CollectorWork.DeletePart(0), new CollectorWork.DeletePart(1)], deletes);
        collector.Completed(deletes[0], default);
        Assert.Empty(Works(collector));
        collector.Failed(deletes[1], default);
        Assert.True(collector.IsOver);

        collector = NewCollector(record);
        collector.Delete();
        foreach (var delete in Works(collector)) collector.Completed(delete, default);
        var clear = Assert.IsType<CollectorWork.Clear>(Assert.Single(Works(collector)));
        Assert.True(collector.DurableRevision < collector.Revision);
        collector.Completed(clear, default);
        Assert.Equal((true, collector.Revision), (collector.IsOver, collector.DurableRevision));
        Assert.Null(collector.View);
    }

    [Fact]
    public void What_runs_or_is_about_to_start_cannot_be_deleted()
    {
        Assert.False(Running(out _).Delete());
        var starting = NewCollector();
        starting.Start(Summary, default);
        Assert.False(starting.Delete());
        Assert.True(NewCollector().Delete()); // Of parts that an earlier deletion has left.
    }

    private static Collector NewCollector(CollectorRecord? stored = null) => new(new(1), new(2), stored, Pace, default, StartedAtMs);

    private static Collector Running(out List<CollectorWork> follows, Instant now = default)
    {
        var collector = NewCollector();
        collector.Start(Summary, now);
        collector.TakeWork(now);
        collector.Looked(Open);
        collector.Completed(collector.TakeWork(now)!, now);
        follows = Works(collector, now);
        return collector;
    }

    private static void Complete(Collector collector, List<CollectorWork> follows)
    {
        collector.Followed(follows[0], View(0, channels: 3, messages: 5), default);
        collector.Followed(follows[1], View(1), default);
    }

    private static List<CollectorWork> Works(Collector collector, Instant now = default)
    {
        var works = new List<CollectorWork>();
        while (collector.TakeWork(now) is { } work) works.Add(work);
        return works;
    }

    private static PartView View(
        int part, int recorded = 1, int expected = 1, int channels = 0, long messages = 0, int[]? told = null, string first = "",
        string waitingFor = "", string failure = "", long version = 1, HeardCounts[]? heard = null) => new(version, new(
            part,
            Life: 1,
            new(recorded, expected, channels, channels, waitingFor.Length > 0 ? [waitingFor] : []),
            messages,
            [.. told ?? [0, 0]],
            [.. heard ?? [default, default]],
            failure,
            Violation: string.Empty,
            first.Length > 0 ? new(first) : default));
}
