using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>
/// Process p with a host that does its work at once, and notes it: <c>enlist 101; entry(m1, local 2)</c> is two pieces
/// of work, and what the second one handed out.
/// </summary>
internal sealed class ParticipantUnderTest
{
    private ProcessReplay<string, string>? _journal;

    public ParticipantUnderTest(
        StoredProcess<string, string>? stored = null,
        ParticipantOptions? options = null,
        long incarnation = 100,
        long now = 0)
    {
        It = new(
            P,
            LogApplication.Instance,
            ChannelOpening.Directed,
            ProtocolLimits.Default,
            options ?? ParticipantOptions.Default,
            new Incarnation(incarnation),
            stored,
            new(now));
        if (stored is not null) _journal = new(stored.Record);
    }

    public Participant<string, string> It { get; }

    /// <summary>What the directory answers to a newcomer.</summary>
    public SnapshotAnnouncement Announcement { get; set; } = SnapshotAnnouncement.None;

    public int BytesPerWrite { get; init; } = 100;

    /// <summary>What the journal has.</summary>
    public ProcessRecord<string, string> Stored => _journal!.ToRecord();

    /// <summary>A participant that was a newcomer, and has joined.</summary>
    public static ParticipantUnderTest Joined(
        ParticipantOptions? options = null, SnapshotAnnouncement? announcement = null, int bytesPerWrite = 100)
    {
        var p = new ParticipantUnderTest(options: options)
        {
            Announcement = announcement ?? SnapshotAnnouncement.None,
            BytesPerWrite = bytesPerWrite,
        };
        p.It.RequestJoin();
        Assert.StartsWith("look up; checkpoint; register; ", p.Run(0), StringComparison.Ordinal);
        Assert.True(p.It.HasJoined);
        return p;
    }

    /// <summary>The next life of the process, made of what the journal has.</summary>
    public ParticipantUnderTest Next(long now, ParticipantOptions? options = null) =>
        new(new(Stored, new StoredSize(100, 0, 0)), options, incarnation: 200, now: now);

    public void Send(long now, params string[] messages) =>
        It.Apply(new(It.State, [.. messages.Select(message => new Outgoing<string>(Q, message))]), new(now));

    /// <summary>The acknowledgement of all frames to q, which carry these messages.</summary>
    public void Acknowledge(long now, long upTo, params string[] messages) =>
        It.Receive(Acknowledgement(P, Q, upTo, DigestOf(messages)), new Instant(now));

    /// <summary>Lets time pass, and then does all work.</summary>
    public string Tick(long now)
    {
        It.Tick(new(now));
        return Run(now);
    }

    /// <summary>Does all work.</summary>
    public string Run(long now)
    {
        var done = new List<string>();
        while (It.TakeWork(new(now)) is { } work) done.Add(Perform(work, now));
        return string.Join("; ", done);
    }

    public string Perform(ParticipantWork work, long now)
    {
        switch (work)
        {
            case LookUpWork:
                It.LookedUp(isRegistered: false, isStored: false);
                return "look up";
            case RegisterWork:
                It.Registered(Epoch.First, Announcement, new(now));
                return "register";
            case RestWork rest:
                It.Told();
                return $"rest {rest.Mark}";
            case AwakeWork awake:
                It.Awoken(Announcement, new(now));
                return $"awake {awake.Mark}";
            case EnlistWork enlist:
                It.Enlisted();
                return $"enlist {enlist.Token.Value}";
            default:
                return Complete((WriteWork<string, string>)work, now);
        }
    }

    private string Complete(WriteWork<string, string> write, long now)
    {
        if (write.Checkpoint is { } checkpoint) _journal = new(checkpoint);
        else if (write.Entry is { } entry) _journal!.Apply(entry);
        var handout = Text(It.Completed(write, BytesPerWrite, new(now)));
        return (write.Checkpoint is not null ? "checkpoint" : write.Entry is not null ? "entry" : "hand out") + handout;
    }

    private static string Text(Handout<string> handout)
    {
        string[] parts =
        [
            handout.Effects.Frames.Shape(),
            .. handout.Effects.Acknowledgements.Select(each => $"ack {each.Channel.Source}{each.UpTo}"),
            .. handout.Effects.Notices.Select(each => $"notice {each.To}"),
            .. handout.Reports.Select(each => each switch
            {
                LocalReport<string> => $"local {each.Snapshot}",
                ChannelReport<string> channel => $"channel {each.Snapshot} {channel.Source}",
                _ => $"overflow {each.Snapshot}",
            }),
            .. handout.Effects.Faults.Select(each => $"fault {each.Kind}"),
            handout.Release is { } token ? $"release {token.Value}" : string.Empty,
        ];
        return handout.IsEmpty ? string.Empty : $"({string.Join(", ", parts.Where(part => part.Length > 0))})";
    }
}
