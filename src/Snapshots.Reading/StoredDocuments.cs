namespace Snapshots.Reading;

/// <summary>Makes the document of a snapshot from what the cluster stores, rendered by a silo.</summary>
public static class StoredDocuments
{
    /// <summary>Reads the document. The global state of a completed snapshot is read and proven again.</summary>
    /// <exception cref="InvalidOperationException">The stored reports do not prove the snapshot.</exception>
    public static async Task<SnapshotDocument> ReadAsync(SnapshotClient snapshots, SnapshotView view)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentNullException.ThrowIfNull(view);
        return view.Summary.Status is SnapshotStatus.Running or SnapshotStatus.Aborted
            ? Unfinished(snapshots.Application, view)
            : Of(snapshots.Application, view.Summary, await snapshots.ReadRenderedAsync(view));
    }

    /// <summary>Makes the document of a completed snapshot whose global state is read already.</summary>
    public static SnapshotDocument Of(
        string application,
        SnapshotSummary summary,
        GlobalState<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> state)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var header = HeaderOf(application, summary);
        var format = header.Application is null ? RenderedFormat.Money : RenderedFormat.Plain;
        return SnapshotDocument.Completed(header, EndOf(summary), state, format);
    }

    /// <summary>Makes the document of a snapshot that runs or was aborted.</summary>
    public static SnapshotDocument Unfinished(string application, SnapshotView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var (summary, header) = (view.Summary, HeaderOf(application, view.Summary));
        if (summary.Status != SnapshotStatus.Aborted) return SnapshotDocument.Running(header, view.Progress);
        var reason = summary.Reason.Length > 0 ? summary.Reason : "no reason was given";
        return SnapshotDocument.Aborted(header, EndOf(summary), view.Progress, reason);
    }

    /// <summary>The name of an application in its documents: null for the bank, whose certificate has money.</summary>
    public static string? NameOf(string application) => application == ArchiveHeader.Bank ? null : application;

    /// <summary>
    /// Writes the members of a document into an open object; a summary is without processes and channels.
    /// </summary>
    public static void WriteMembers(Utf8JsonWriter writer, SnapshotDocument document, bool isSummary = false)
    {
        ArgumentNullException.ThrowIfNull(document);
        using var json = JsonDocument.Parse(document.ToUtf8(indented: false));
        foreach (var member in json.RootElement.EnumerateObject())
        {
            if (!isSummary || member.Name is not ("processes" or "channels")) member.WriteTo(writer);
        }
    }

    private static SnapshotHeader HeaderOf(string application, SnapshotSummary summary) =>
        new(summary.Id, summary.Epoch, summary.Initiator, summary.StartedAt)
        {
            RestoredFrom = summary.RestoredFrom,
            Application = NameOf(application),
        };

    private static DateTimeOffset EndOf(SnapshotSummary summary) => summary.EndedAt ?? summary.StartedAt;
}
