namespace Snapshots.Scripts;

/// <summary>Scripts about objects that refer to each other; see <see cref="ObjectsApplication"/>.</summary>
public sealed class ObjectsScripts : ScriptApplication<ObjectState, ObjectMessage>
{
    private ObjectsScripts()
    {
    }

    /// <summary>The only instance that is needed.</summary>
    public static ObjectsScripts Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => ObjectsApplication.Name;

    /// <inheritdoc/>
    public override IApplication<ObjectState, ObjectMessage> Protocol => ObjectsApplication.Instance;

    /// <inheritdoc/>
    public override string Property => "garbage";

    /// <inheritdoc/>
    public override IEnumerable<ProcessId> Find(GlobalState<ObjectState, ObjectMessage> state) =>
        GarbageCheck.Find(state);

    /// <inheritdoc/>
    public override string Describe(ObjectState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.ToString();
    }

    /// <inheritdoc/>
    public override string Describe(ObjectMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return $"{message.Kind}";
    }

    /// <inheritdoc/>
    protected override Step<ObjectState, ObjectMessage, string?> Decide(
        ProcessId self, ObjectState state, string[] words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words switch
        {
            ["object"] => new(null, new(ObjectState.Empty)),
            ["object", "root"] => new(null, new(ObjectState.Empty with { Root = true })),
            ["create", var created] => ObjectsApplication.Create(self, state, new(created)),
            ["send", var target, var given] => ObjectsApplication.Send(self, state, new(target), new(given)),
            ["drop", var held] => ObjectsApplication.Drop(self, state, new(held)),
            ["tell", var told, "send", var target, var given] => ObjectsApplication.Tell(
                self, state, new(told), new(ObjectMessageKind.TellSend, new(given), new ProcessId(target))),
            ["tell", var told, "drop", var held] => ObjectsApplication.Tell(
                self, state, new(told), new(ObjectMessageKind.TellDrop, new(held))),
            _ => throw Unknown(words),
        };
    }
}
