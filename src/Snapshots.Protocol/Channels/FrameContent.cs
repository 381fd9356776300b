namespace Snapshots.Protocol;

/// <summary>What a frame carries: a message, a marker, or nothing any longer.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public abstract record FrameContent<TMessage>
{
    private protected FrameContent()
    {
    }
}
