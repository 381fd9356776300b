using Snapshots.Grains;

namespace Snapshots.Scripts.Grains;

/// <summary>
/// Keeps from processes what parts of collections ask of them: in a script only its own steps and markers start
/// recordings.
/// </summary>
internal sealed class AsksNobody : IIncomingGrainCallFilter
{
    private const string PartType = "snapshotpart";

    public Task Invoke(IIncomingGrainCallContext context) =>
        context.Grain is ISnapshotProcess
        && context.MethodName == nameof(ISnapshotProcess.RecordAsync)
        && context.SourceId is { } source
        && source.Type.ToString() == PartType
            ? Task.CompletedTask
            : context.Invoke();
}
