using System.Text.Json;
using Snapshots.Bank;
using Snapshots.Documents;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>Makes the document of a snapshot of the bank, from what the cluster keeps of it.</summary>
internal static class SnapshotDocuments
{
    /// <summary>Reads the document; of a completed snapshot, its global state is read and proven again.</summary>
    /// <exception cref="ClientException">What is kept does not prove the snapshot.</exception>
    public static async Task<SnapshotDocument> ReadAsync(BankConnection bank, SnapshotView view, CancellationToken interrupted)
    {
        var summary = view.Summary;
        var header = new SnapshotHeader(summary.Id, summary.Epoch, summary.Initiator, summary.StartedAt);
        return summary.Status switch
        {
            SnapshotStatus.Running => SnapshotDocument.Running(header, view.Progress),
            SnapshotStatus.Aborted => SnapshotDocument.Aborted(
                header, EndOf(summary), view.Progress, summary.Reason.Length > 0 ? summary.Reason : "no reason was given"),
            _ => SnapshotDocument.Completed(
                header, EndOf(summary), await ReadStateAsync(bank, view, interrupted), AccountFormat.Instance),
        };
    }

    /// <summary>Writes the members of a document into an open object.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, SnapshotDocument document)
    {
        using var json = JsonDocument.Parse(document.ToUtf8(indented: false));
        foreach (var member in json.RootElement.EnumerateObject()) member.WriteTo(writer);
    }

    private static DateTimeOffset EndOf(SnapshotSummary summary) => summary.EndedAt ?? summary.StartedAt;

    private static async Task<GlobalState<AccountState, BankMessage>> ReadStateAsync(
        BankConnection bank, SnapshotView view, CancellationToken interrupted)
    {
        try
        {
            return await bank.CallAsync(
                _ => bank.Snapshots.ReadAsync(view, bank.Serializer<AccountState>(), bank.Serializer<BankMessage>()), interrupted);
        }
        catch (InvalidOperationException exception)
        {
            throw new ClientException(ErrorCode.PropertyViolated, Failures.Line(exception.Message), exception);
        }
    }
}
