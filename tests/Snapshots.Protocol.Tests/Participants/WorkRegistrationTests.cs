namespace Snapshots.Protocol.Tests;

public sealed class WorkRegistrationTests
{
    private readonly WorkRegistration _registration = new(new Incarnation(100), isInherited: false, restMs: 10);

    [Fact]
    public void A_token_is_taken_for_frames_and_only_while_there_is_none()
    {
        Assert.Null(_registration.TakeToken(hasUnacknowledgedFrames: false));
        Assert.Equal(new WorkToken(101), _registration.TakeToken(hasUnacknowledgedFrames: true));
        Assert.False(_registration.Has(new WorkToken(101))); // It is not stored yet.
        _registration.Hold(new WorkToken(101));
        Assert.True(_registration.Has(new WorkToken(101)));
        Assert.False(_registration.Has(new WorkToken(100)));
        Assert.False(_registration.Has(null));
        Assert.Null(_registration.TakeToken(hasUnacknowledgedFrames: true));
    }

    [Fact]
    public void An_inherited_token_is_replaced_once()
    {
        var registration = new WorkRegistration(new Incarnation(long.MaxValue), isInherited: true, restMs: 10);
        var next = new WorkToken(long.MinValue); // The one after the highest number.
        Assert.Equal(next, registration.TakeToken(hasUnacknowledgedFrames: false));
        registration.Hold(next);
        registration.Forget();
        Assert.Null(registration.TakeToken(hasUnacknowledgedFrames: false));
    }

    [Fact]
    public void A_token_is_released_once_after_a_rest_without_a_break()
    {
        _registration.Hold(new WorkToken(101));
        Assert.Null(_registration.ReleaseAt);
        _registration.Settle(isIdle: true, new(5));
        _registration.Settle(isIdle: true, new(9));
        Assert.Equal(new Instant(15), _registration.ReleaseAt);
        _registration.Settle(isIdle: false, new(12));
        Assert.Null(_registration.ReleaseAt);
        Assert.False(_registration.Tick(new(100)));
        _registration.Settle(isIdle: true, new(100));
        Assert.False(_registration.Tick(new(109)));
        Assert.True(_registration.Tick(new(110)));
        Assert.Null(_registration.ReleaseAt);
        Assert.False(_registration.Tick(new(200)));
        Assert.Equal(new WorkToken(101), _registration.TakeRelease(isLeaving: false));
        Assert.Null(_registration.TakeRelease(isLeaving: true));
    }

    [Fact]
    public void A_process_that_leaves_releases_its_token_without_a_rest()
    {
        _registration.Hold(new WorkToken(101));
        Assert.Null(_registration.TakeRelease(isLeaving: false));
        Assert.Equal(new WorkToken(101), _registration.TakeRelease(isLeaving: true));
        Assert.Null(_registration.TakeRelease(isLeaving: true));
        Assert.Null(_registration.Token);
    }
}
