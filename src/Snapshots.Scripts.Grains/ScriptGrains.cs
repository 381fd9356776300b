using Orleans.Serialization;
using Snapshots.Grains;
using Snapshots.Protocol;
using Snapshots.Samples;

namespace Snapshots.Scripts.Grains;

/// <summary>The grains of scripts, and what a silo needs to host them.</summary>
public static class ScriptGrains
{
    internal const string Tokens = Prefix + "tokens";
    internal const string Locks = Prefix + LocksApplication.Name;
    internal const string Objects = Prefix + ObjectsApplication.Name;
    private const string Prefix = "script-";

    /// <summary>
    /// The name under which a silo hosts the processes of scripts about an application: their grain type, and their
    /// application for snapshots.
    /// </summary>
    public static string NameOf(string application) => Prefix + application;

    /// <summary>Sets a silo up for scripts: adds the gate, and keeps parts from asking processes.</summary>
    public static void Add<TState, TMessage>(ISiloBuilder silo, ScriptApplication<TState, TMessage> application)
        where TMessage : notnull
    {
        ArgumentNullException.ThrowIfNull(application);
        silo.AddFrameGate<TMessage>(NameOf(application.Name));
        silo.AddIncomingGrainCallFilter<AsksNobody>();
    }

    /// <summary>Sets the snapshot options of a silo for scripts.</summary>
    public static void Configure(SnapshotsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.AskProcesses = false; // For newcomers; parts are kept from asking by AsksNobody.
        options.Limits = ScriptLimits.Protocol;
        options.MaxOpenSnapshots = ScriptLimits.MaxSnapshots;
    }
}

/// <summary>A process of a script, hosted by a real grain.</summary>
[Alias("snapshots.scripts.IScriptGrain")]
internal interface IScriptGrain : IGrainWithStringKey
{
    /// <summary>Opens the directed channel to a process.</summary>
    [Alias("open-channel")]
    Task OpenAsync(ProcessId target);

    /// <summary>Does a command of a script. Returns null, or why it was refused.</summary>
    [Alias("act")]
    Task<string?> ActAsync(string command);

    /// <summary>The state, as it is stored.</summary>
    [Alias("read")]
    Task<byte[]> ReadAsync();
}

/// <summary>Hosts one process of a script; its channels are directed, as the script declares them.</summary>
internal abstract class ScriptGrain<TState, TMessage>(
    ProcessServices services, ScriptApplication<TState, TMessage> application, Serializer<TState> states)
    : ProcessGrain<TState, TMessage>(services, application.Protocol), IScriptGrain
    where TState : notnull
    where TMessage : notnull
{
    protected override ChannelOpening Opening => ChannelOpening.Directed;

    public Task OpenAsync(ProcessId target) => OpenChannelAsync(target);

    public Task<string?> ActAsync(string command) => StepAsync(state => application.Decide(Self, state, command));

    public Task<byte[]> ReadAsync() => ReadAsync((state, _) => states.SerializeToArray(state));
}

/// <summary>A process with tokens.</summary>
[SnapshotProcess(ScriptGrains.Tokens)]
[GrainType(ScriptGrains.Tokens)]
internal sealed class TokenGrain(ProcessServices services, Serializer<TokenState> states)
    : ScriptGrain<TokenState, TokenMessage>(services, TokenScripts.Instance, states);

/// <summary>A worker or a lock.</summary>
[SnapshotProcess(ScriptGrains.Locks)]
[GrainType(ScriptGrains.Locks)]
internal sealed class LocksScriptGrain(ProcessServices services, Serializer<LocksState> states)
    : ScriptGrain<LocksState, LocksMessage>(services, LocksScripts.Instance, states);

/// <summary>An object.</summary>
[SnapshotProcess(ScriptGrains.Objects)]
[GrainType(ScriptGrains.Objects)]
internal sealed class ObjectScriptGrain(ProcessServices services, Serializer<ObjectState> states)
    : ScriptGrain<ObjectState, ObjectMessage>(services, ObjectsScripts.Instance, states);
