using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Stands between the processes of a silo and the stream, and decides when a frame may pass: so a script can fix every
/// interleaving of real grains. Acknowledgements and notices pass at once. Called from any thread.
/// </summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public interface IFrameGate<TMessage>
{
    /// <summary>Whether the gate keeps a frame that a process sends, to release it later.</summary>
    bool TryHold(Frame<TMessage> frame);

    /// <summary>Sees an acknowledgement pass.</summary>
    void Observe(Acknowledgement acknowledgement);
}
