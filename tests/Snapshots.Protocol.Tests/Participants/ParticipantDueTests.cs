using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>When a participant wants its next tick.</summary>
public sealed class ParticipantDueTests
{
    private readonly ParticipantUnderTest _p = ParticipantUnderTest.Joined();

    [Fact]
    public void A_process_with_nothing_to_do_wants_none() => Assert.Null(_p.It.DueAt);

    [Fact]
    public void Frames_under_way_are_looked_at_four_times_a_second_and_sent_again_when_they_are_due()
    {
        _p.Send(0, "a");
        _p.Run(0);
        for (var now = 250; now < 2000; now += 250)
        {
            Assert.Equal(new Instant(now), _p.It.DueAt);
            Assert.Equal(string.Empty, _p.Tick(now));
        }

        Assert.Equal("hand out(m1)", _p.Tick(2000));
    }

    /// <summary>
    /// Whatever happens: once it has ticked, and its work is done, the next tick is in the future. Until all is done
    /// there is one.
    /// </summary>
    [Fact]
    public void A_tick_is_never_wanted_for_a_time_that_has_come()
    {
        var sightings = new Sightings();
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var p = ParticipantUnderTest.Joined();
            for (long step = 0, now = 0, frame = 0; step < 60; step++)
            {
                if (p.It.DueAt is { } due && random.Next(2) == 0) now = Math.Max(now, due.Milliseconds);
                else now += random.Next(3000);
                Input(random, p, now, ref frame);
                p.Run(now);
                p.Tick(now);
                var (hasFrames, hasReports) = (p.It.HasUnacknowledgedFrames, p.It.UnacceptedReports().Any());
                var isWritten = p.It.Revision == p.It.DurableRevision;
                var dueAt = p.It.DueAt;
                Assert.True(dueAt is null || dueAt > new Instant(now), $"seed {seed}: due at {dueAt}, it is {now}");
                var isDone = isWritten && !hasFrames && !hasReports;
                Assert.True(isDone || dueAt is not null, $"seed {seed}: it has work, and waits for nothing");
                sightings.Saw("frames", hasFrames);
                sightings.Saw("reports", hasReports);
                sightings.Saw("unwritten", !isWritten);
                sightings.Saw("done", dueAt is null);
            }
        }

        sightings.AssertSeen("frames", "reports", "unwritten", "done");
    }

    private static void Input(Random random, ParticipantUnderTest p, long now, ref long frame)
    {
        var open = p.It.OpenRecordings.ToList();
        switch (random.Next(8))
        {
            case 0: p.Send(now, "a"); break;
            case 1: AcknowledgeAll(p, now); break;
            case 2: p.It.Receive(Message(Q, P, ++frame, frame, "x"), new Instant(now)); break;
            case 3 when open.Count == 0: Ask(p, now); break;
            case 4: p.It.Accept(p.It.UnacceptedReports().Select(report => report.Key).ToHashSet(), new(now)); break;
            case 5 when open.Count > 0: p.It.Learn(Announcement(open[^1].Value), new(now)); break;
            case 6: p.It.Wake(null, isFenced: false, new(now)); break;
            default: break;
        }
    }

    private static void Ask(ParticipantUnderTest p, long now)
    {
        var next = p.Stored.Known.Highest.Value + 1;
        p.It.Ask(Snapshot(next), Epoch.First, Announcement(next, next), new(now));
    }

    private static void AcknowledgeAll(ParticipantUnderTest p, long now)
    {
        if (p.Stored.Outgoing.SingleOrDefault() is not { Unacknowledged: { IsEmpty: false } frames }) return;
        var last = frames[^1];
        p.It.Receive(new Acknowledgement(new(P, Q), Epoch.First, last.Last, last.DigestAfter), new Instant(now));
    }
}
