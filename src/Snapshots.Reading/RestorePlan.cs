namespace Snapshots.Reading;

/// <summary>What a restore would do, computed from the snapshot. To make the plan changes nothing.</summary>
/// <param name="Source">The snapshot.</param>
/// <param name="FromEpoch">The present epoch.</param>
/// <param name="Restored">Processes that would be as in the snapshot.</param>
/// <param name="Emptied">Processes that are not in the snapshot and would become empty.</param>
/// <param name="Redelivered">Messages in transit that would be delivered.</param>
public sealed record RestorePlan(
    SnapshotSummary Source, Epoch FromEpoch, int Restored, int Emptied, int Redelivered)
{
    /// <summary>The epoch that the restore would make.</summary>
    public Epoch ToEpoch => (FromEpoch > Source.Epoch ? FromEpoch : Source.Epoch).Next;

    /// <summary>Makes the plan.</summary>
    /// <param name="source">The snapshot.</param>
    /// <param name="epoch">The present epoch.</param>
    /// <param name="processes">The present processes.</param>
    /// <param name="snapshot">The content of the snapshot.</param>
    public static RestorePlan Of(
        SnapshotSummary source, Epoch epoch, IEnumerable<ProcessId> processes, RenderedSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(processes);
        ArgumentNullException.ThrowIfNull(snapshot);
        var members = snapshot.State.Processes.Select(process => process.Id).ToHashSet();
        return new(
            source,
            epoch,
            members.Count,
            processes.Count(process => !members.Contains(process)),
            snapshot.State.Channels.Sum(channel => channel.Messages.Length));
    }

    /// <summary>Writes the members of the plan into an open object.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumber("schemaVersion", 1);
        writer.WriteNull("number");
        writer.WriteString("snapshot", Source.Id.Value);
        writer.WriteString("status", "planned");
        writer.WriteString("reason", string.Empty);
        writer.WriteNumber("fromEpoch", FromEpoch.Value);
        writer.WriteNumber("toEpoch", ToEpoch.Value);
        writer.WriteNull("safetySnapshot");
        writer.WriteNumber("processesRestored", Restored);
        writer.WriteNumber("processesEmptied", Emptied);
        writer.WriteNumber("messagesRedelivered", Redelivered);
        writer.WriteNull("startedAt");
        writer.WriteNull("completedAt");
        writer.WriteStartArray("waitingFor");
        writer.WriteEndArray();
    }
}
