namespace Snapshots.Protocol.Tests;

/// <summary>Illegal input throws and changes nothing; impossible input is a fault and changes nothing.</summary>
internal static class Unchanged
{
    public static TException AfterThrow<TException>(TestProcess process, Action act)
        where TException : Exception
    {
        _ = process.TakeEffects();
        var (text, revision, heldBack) = (process.Text(), process.Revision, process.HeldBackFrames);
        var exception = Assert.Throws<TException>(act);
        Assert.Equal(text, process.Text());
        Assert.Equal(revision, process.Revision);
        Assert.Equal(heldBack, process.HeldBackFrames);
        Assert.True(process.TakeEffects().IsEmpty);
        return exception;
    }

    public static TException AfterThrow<TException>(TestProcess process, Action<TestProcess> act)
        where TException : Exception => AfterThrow<TException>(process, () => act(process));

    public static ChannelFault ButAFault(TestProcess process, ChannelFaultKind kind, Action act)
    {
        _ = process.TakeEffects();
        var (text, revision, heldBack) = (process.Text(), process.Revision, process.HeldBackFrames);
        act();
        Assert.Equal(text, process.Text());
        Assert.Equal(revision, process.Revision);
        Assert.Equal(heldBack, process.HeldBackFrames);
        var effects = process.TakeEffects();
        var fault = Assert.Single(effects.Faults);
        Assert.Equal(kind, fault.Kind);
        Assert.NotEmpty(fault.Detail);
        Assert.True((effects with { Faults = [] }).IsEmpty);
        return fault;
    }
}
