namespace Snapshots.Protocol;

/// <summary>What index, collectors and parts have in common: how a host runs them.</summary>
/// <remarks>
/// The host turns what arrives into inputs. After each input, and when <see cref="DueAt"/> has come, it takes work
/// until there is none, does it, and says how it ended. It answers an input when <see cref="DurableRevision"/> has
/// reached the <see cref="Revision"/> after it. When <see cref="IsOver"/>, it starts another machine from what is
/// stored.
/// </remarks>
/// <typeparam name="TWork">The pieces of work.</typeparam>
public interface IStateMachine<out TWork>
    where TWork : class
{
    /// <summary>Grows with each change that is to be stored.</summary>
    long Revision { get; }

    /// <summary>Up to which revision all is durable.</summary>
    long DurableRevision { get; }

    /// <summary>Whether this life has ended: nothing more is taken or handed out.</summary>
    bool IsOver { get; }

    /// <summary>
    /// When <see cref="TakeWork"/> next has something to hand out by itself; none if it waits for inputs alone.
    /// </summary>
    Instant? DueAt { get; }

    /// <summary>The next piece of work; none if there is none for now.</summary>
    TWork? TakeWork(Instant now);
}
