using ObjectStep = Snapshots.Grains.Step<Snapshots.Samples.ObjectState, Snapshots.Samples.ObjectMessage, string?>;

namespace Snapshots.Samples;

/// <summary>Objects that hold references to each other and send them in messages.</summary>
/// <remarks>
/// <code>
/// message         what the receiver does
/// --------------  ------------------------------------------------------------------------------
/// reference X     it holds X
/// tell: send Z X  sends Z a reference to X, if it holds Z, holds X or is X, and X is not Z
/// tell: drop X    no longer holds X, if it did
/// </code>
/// Only a root acts by itself. So an object that nothing refers to, and to which nothing is in transit, never acts
/// again: garbage is a stable property.
/// </remarks>
public sealed class ObjectsApplication : IApplication<ObjectState, ObjectMessage>
{
    /// <summary>The name of the application.</summary>
    public const string Name = "objects";

    /// <summary>The only instance that is needed.</summary>
    public static ObjectsApplication Instance { get; } = new();

    /// <inheritdoc/>
    public ObjectState CreateState(ProcessId self) => ObjectState.Empty;

    /// <inheritdoc/>
    public Reaction<ObjectState, ObjectMessage> Deliver(
        ProcessId self, ObjectState state, ProcessId source, ObjectMessage message)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(message);
        return message switch
        {
            { Kind: ObjectMessageKind.Reference } => new(state with { Holds = state.Holds.With(message.Named) }),
            { Kind: ObjectMessageKind.TellDrop } => new(state with { Holds = state.Holds.Without(message.Named) }),
            { Target: { } target } when state.MaySend(self, target, message.Named) =>
                new(state, [new(target, new(ObjectMessageKind.Reference, message.Named))]),
            _ => new(state),
        };
    }

    /// <inheritdoc/>
    public ulong Fingerprint(ObjectMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Ids.Fingerprint((byte)message.Kind, message.Named.Value, message.Target?.Value ?? string.Empty);
    }

    /// <summary>A root creates an object and holds the first reference. The result is a refusal, or null.</summary>
    public static ObjectStep Create(ProcessId self, ObjectState state, ProcessId created)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Refusal(self, state) is { } refusal) return new(refusal, null);
        if (created == self || state.Created.Has(created)) return new($"{self} cannot create {created} again", null);
        var (holds, all) = (state.Holds.With(created), state.Created.With(created));
        return new(null, new(state with { Holds = holds, Created = all }));
    }

    /// <summary>A root sends a reference. The result is a refusal, or null.</summary>
    public static ObjectStep Send(ProcessId self, ObjectState state, ProcessId target, ProcessId given)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Tell(
            self, state, target, new(ObjectMessageKind.Reference, given), state.MaySend(self, target, given));
    }

    /// <summary>A root drops a reference. The result is a refusal, or null.</summary>
    public static ObjectStep Drop(ProcessId self, ObjectState state, ProcessId held)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Refusal(self, state) is { } refusal) return new(refusal, null);
        return state.Holds.Has(held)
            ? new(null, new(state with { Holds = state.Holds.Without(held) }))
            : new($"{self} does not hold {held}", null);
    }

    /// <summary>A root tells an object what to do. The result is a refusal, or null.</summary>
    public static ObjectStep Tell(ProcessId self, ObjectState state, ProcessId target, ObjectMessage order)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(order);
        return Tell(self, state, target, order, state.Holds.Has(target));
    }

    /// <summary>
    /// Removes an object that was found to be garbage: it holds nothing any longer. Garbage does not change, so an
    /// object that is not as it was found is not garbage, and stays. The result is a refusal, or null.
    /// </summary>
    public static ObjectStep Remove(ProcessId self, ObjectState state, ObjectState found)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Root || state != found
            ? new($"{self} is in use", null)
            : new(null, new(ObjectState.Empty));
    }

    /// <summary>A root forgets an object of its own that was removed. The result is a refusal, or null.</summary>
    public static ObjectStep Forget(ProcessId self, ObjectState state, ProcessId removed)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Holds.Has(removed)
            ? new($"{self} still holds {removed}", null)
            : new(null, new(state with { Created = state.Created.Without(removed) }));
    }

    private static ObjectStep Tell(
        ProcessId self, ObjectState state, ProcessId target, ObjectMessage message, bool isAllowed)
    {
        if (Refusal(self, state) is { } refusal) return new(refusal, null);
        return isAllowed
            ? new(null, new(state, [new(target, message)]))
            : new($"{self} cannot send {target} a message about {message.Named}: it {state}", null);
    }

    private static string? Refusal(ProcessId self, ObjectState state) =>
        state.Root ? null : $"{self} is no root and does not act by itself";
}
