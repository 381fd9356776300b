using Snapshots.Protocol;

namespace Snapshots.Simulator.Tests;

public sealed class JournalRowTests
{
    private readonly Process<LedgerState, LedgerMessage> _process = new(HandMade.A, LedgerApplication.Instance, ChannelOpening.Pair, ProtocolLimits.Default);
    private readonly JournalRow _journal = new(0);

    public JournalRowTests()
    {
        _process.Join(Epoch.First, SnapshotAnnouncement.None, default);
        Store(isCheckpoint: true);
        for (var step = 1; step <= 2; step++)
        {
            _process.Apply(new(LedgerState.Empty with { Steps = step, Own = step }), default);
            Store(isCheckpoint: false);
        }
    }

    [Theory]
    [InlineData(0, "the checkpoint is missing")]
    [InlineData(3, "entry 1 is missing")]
    [InlineData(6, "entry 2 is missing")]
    [InlineData(1, "the checkpoint was changed")]
    [InlineData(4, "entry 1 was changed")]
    [InlineData(2, null)]
    public void A_reader_finds_what_is_damaged_and_no_record(long which, string? damage)
    {
        Assert.Equal((2, null), (_journal.Read().Record!.State.Own, _journal.Read().Damage));
        _journal.Damage(which);
        Assert.True(_journal.IsDamaged);
        Assert.Equal((null, damage), _journal.Read());
    }

    [Fact]
    public void A_checkpoint_takes_the_place_of_what_is_damaged()
    {
        _journal.Damage(3);
        Store(isCheckpoint: true);
        Assert.Equal((false, 2), (_journal.IsDamaged, _journal.Read().Record!.State.Own));
    }

    [Fact]
    public void A_reader_that_does_not_look_goes_back_or_finds_another_state()
    {
        _journal.Damage(6);
        Assert.Equal(1, _journal.SkipLostPart()!.State.Own);
        _journal.Damage(1);
        Assert.Equal(5, _journal.TakeFlippedBit()!.State.Own);
    }

    private void Store(bool isCheckpoint) => _journal.Store(new(
        isCheckpoint ? _process.TakeRecord(wallMs: 0) : null, isCheckpoint ? null : _process.TakeChange(), _process.State, _process.State));
}
