using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Sees what one activation of a process does, in the order in which it does it. A step belongs to the history of the
/// process once a write that began after it has taken effect; others never happened.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public interface IActivationObserver<TState, TMessage>
{
    /// <summary>The directory has answered a newcomer.</summary>
    void Joined(SnapshotAnnouncement announcement);

    /// <summary>A step that no message caused was taken.</summary>
    void Stepped(Reaction<TState, TMessage> reaction);

    /// <summary>A message was delivered.</summary>
    void Delivered(ProcessId source, TMessage message, Reaction<TState, TMessage> reaction);

    /// <summary>A snapshot was recorded, behind all steps seen so far and before any other.</summary>
    void Recorded(LocalReport<TState> report);

    /// <summary>A write of all steps seen so far begins.</summary>
    void Writing(WriteWork<TState, TMessage> write);

    /// <summary>The write that began last has taken effect. Where this is not called, that is not known.</summary>
    void Written();

    /// <summary>Effects are performed.</summary>
    void Performed(Effects<TMessage> effects, IReadOnlyList<Report> reports);

    /// <summary>An input was impossible, and storage agrees with this activation.</summary>
    void Faulted(ChannelFault fault);
}
