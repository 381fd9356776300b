using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>The metric of aborted snapshots knows the reasons that the library gives, by their words.</summary>
public sealed class AbortReasonTests
{
    private static readonly GrainId Process = GrainId.Create("letters", "p");
    private static readonly ChannelId Channel = new(new("q"), new("p"));

    public static TheoryData<string, string> Reasons => new()
    {
        { "timed out after 30 s, waiting for p", "timeout" },
        { "aborted by the user", "cancelled" },
        { "restore 3 of snapshot s-1", "restore" },
        { new DamagedStateException(Process, "entry 3 is missing").Message, "damaged" },
        { new BlockedChannelException(Process, new(Channel, new(1), "Letter", new InvalidOperationException())).Message, "handler" },
        { Overflow(), "overflow" },
        { CollectionRuling.Of([Standing() with { Violation = "noOrphan p->q" }]).Reason, "certificate" },
        { "enough", "other" },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void A_reason_has_its_kind(string reason, string kind) => Assert.Equal(kind, SnapshotInstruments.ReasonOf(reason));

    private static PartLedger<int, int> Ledger() => new(new(1), Epoch.First, new Partition(1), 0, life: 1, []);

    private static PartStanding Standing() => Ledger().GetStanding();

    private static string Overflow()
    {
        var ledger = Ledger();
        ledger.Accept(new OverflowReport(new(1), Epoch.First, new("p"), 100));
        return ledger.GetStanding().Failure;
    }
}
