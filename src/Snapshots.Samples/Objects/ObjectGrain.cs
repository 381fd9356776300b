namespace Snapshots.Samples;

/// <summary>
/// An object. What is asked of it is answered when it is stored, with the reason why it was refused, or null.
/// </summary>
[Alias("snapshots.objects.IObjectGrain")]
public interface IObjectGrain : IGrainWithStringKey
{
    /// <summary>Makes the object a root.</summary>
    [Alias("become-root")]
    Task BecomeRootAsync();

    /// <summary>Creates an object and holds the first reference to it.</summary>
    [Alias("create")]
    Task<string?> CreateAsync(ProcessId created);

    /// <summary>Sends an object a reference to another one.</summary>
    [Alias("send")]
    Task<string?> SendAsync(ProcessId target, ProcessId given);

    /// <summary>Drops a reference.</summary>
    [Alias("drop")]
    Task<string?> DropAsync(ProcessId held);

    /// <summary>Tells an object to send or to drop a reference.</summary>
    [Alias("tell")]
    Task<string?> TellAsync(ProcessId target, ObjectMessage order);

    /// <summary>Removes the object, if it is still as it was found.</summary>
    [Alias("remove")]
    Task<string?> RemoveAsync(ObjectState found);

    /// <summary>Forgets an object that was removed.</summary>
    [Alias("forget")]
    Task<string?> ForgetAsync(ProcessId removed);

    /// <summary>The state as it is stored.</summary>
    [Alias("get")]
    Task<ObjectState> GetAsync();
}

/// <summary>Hosts one object. Each request is one step of its process.</summary>
[SnapshotProcess(ObjectsApplication.Name)]
internal sealed class ObjectGrain(ProcessServices services)
    : ProcessGrain<ObjectState, ObjectMessage>(services, ObjectsApplication.Instance), IObjectGrain
{
    public Task BecomeRootAsync() =>
        StepAsync(state => new Step<ObjectState, ObjectMessage, bool>(true, new(state with { Root = true })));

    public Task<string?> CreateAsync(ProcessId created) =>
        StepAsync(state => ObjectsApplication.Create(Self, state, created));

    public Task<string?> SendAsync(ProcessId target, ProcessId given) =>
        StepAsync(state => ObjectsApplication.Send(Self, state, target, given));

    public Task<string?> DropAsync(ProcessId held) => StepAsync(state => ObjectsApplication.Drop(Self, state, held));

    public Task<string?> TellAsync(ProcessId target, ObjectMessage order) =>
        StepAsync(state => ObjectsApplication.Tell(Self, state, target, order));

    public Task<string?> RemoveAsync(ObjectState found) =>
        StepAsync(state => ObjectsApplication.Remove(Self, state, found));

    public Task<string?> ForgetAsync(ProcessId removed) =>
        StepAsync(state => ObjectsApplication.Forget(Self, state, removed));

    public Task<ObjectState> GetAsync() => ReadAsync((state, _) => state);
}
