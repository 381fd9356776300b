namespace Snapshots.Protocol.Tests;

/// <summary>A shard wakes what is in its registry after a loss.</summary>
public sealed class DirectoryShardWakeTests
{
    private static readonly Instant Now = Given.Start;

    private readonly ShardUnderTest _shard = ShardUnderTest.New();

    private static ProcessId A { get; } = ShardUnderTest.Member(0);

    private static ProcessId B { get; } = ShardUnderTest.Member(1);

    [Fact]
    public void A_process_that_is_awake_and_has_no_work_leaves_the_registry()
    {
        Note(A, 1);
        Note(B, 2);
        _shard.Run();
        _shard.It.WakeAll(1, Now);
        foreach (var wake in new[] { _shard.Take<WakeWork>(), _shard.Take<WakeWork>() })
        {
            _shard.It.Completed(wake, hasWork: wake.Process == B, Now);
        }

        _shard.Run();
        Assert.Equal([(B, new WorkToken(2))], _shard.Registry);
    }

    /// <summary>The answer is about the token under which it was woken.</summary>
    [Fact]
    public void A_process_that_enlists_while_it_is_woken_stays_in_the_registry()
    {
        Note(A, 1);
        _shard.Run();
        _shard.It.WakeAll(1, Now);
        var wake = _shard.Take<WakeWork>();
        Note(A, 2);
        _shard.It.Completed(wake, hasWork: false, Now);
        _shard.Run();
        Assert.Equal([(A, new WorkToken(2))], _shard.Registry);
    }

    /// <summary>
    /// (1) A second activation enlists, in the place of the first one's token; (2) both are lost, with their silo; (3) the
    /// note comes late, while the shard tries to wake the process for what the first one has left.
    /// </summary>
    [Fact]
    public void A_note_that_is_late_does_not_end_the_wake_ups_of_its_process()
    {
        Note(A, 1);
        _shard.Run();
        _shard.It.WakeAll(1, Now);
        var wake = _shard.Take<WakeWork>();
        Note(A, 2);
        _shard.Run();
        _shard.It.Failed(wake, "timeout", Now);
        Assert.Equal(new WakeWork(A, new(2)), _shard.It.TakeWork(new(250)));
    }

    [Fact]
    public void Each_version_of_the_membership_wakes_the_registry_once()
    {
        Note(A, 1);
        _shard.Run();
        _shard.It.WakeAll(5, Now);
        _shard.It.Completed(_shard.Take<WakeWork>(), hasWork: true, Now);
        _shard.It.WakeAll(5, Now);
        _shard.It.WakeAll(4, Now);
        Assert.Null(_shard.It.TakeWork(Now));
        _shard.It.WakeAll(6, Now);
        _shard.Take<WakeWork>();
    }

    /// <summary>What ended the last activation may have cut its rounds short.</summary>
    [Fact]
    public void The_next_activation_wakes_the_registry_once_it_is_open()
    {
        Note(A, 1);
        _shard.Run();
        var next = _shard.Next();
        next.Fence();
        var ask = next.Take<AskIndexWork>();
        Assert.Null(next.It.TakeWork(Now)); // The process would ask for its epoch.
        next.It.Completed(ask, Epoch.First, SnapshotAnnouncement.None);
        Assert.Equal(new WakeWork(A, new(1)), next.Take<WakeWork>());
    }

    [Fact]
    public void A_process_that_cannot_be_reached_is_woken_again_and_the_activation_goes_on()
    {
        Note(A, 1);
        _shard.Run();
        _shard.It.WakeAll(1, Now);
        _shard.It.Failed(_shard.Take<WakeWork>(), "timeout", Now);
        Assert.Null(_shard.It.Failure);
        Assert.Equal(new Instant(250), _shard.It.DueAt);
        Assert.Null(_shard.It.TakeWork(new(249)));
        Assert.IsType<WakeWork>(_shard.It.TakeWork(new(250)));
    }

    private void Note(ProcessId process, long token) => _shard.It.Note(new(process, new(token), IsPending: true));
}
