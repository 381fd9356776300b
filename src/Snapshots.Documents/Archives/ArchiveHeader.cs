using System.Buffers;
using System.Globalization;

namespace Snapshots.Documents;

/// <summary>What an archive says of its snapshot.</summary>
/// <param name="Application">The application's name.</param>
/// <param name="Id">The snapshot's name.</param>
/// <param name="Number">The snapshot's number in its cluster.</param>
/// <param name="Epoch">The epoch of its reports.</param>
/// <param name="Initiator">The process that was asked to record first; <c>default</c> if there was none.</param>
/// <param name="StartedAt">When it began, to the millisecond.</param>
/// <param name="CompletedAt">When it was completed, to the millisecond.</param>
public sealed record ArchiveHeader(
    string Application,
    SnapshotId Id,
    SnapshotNumber Number,
    Epoch Epoch,
    ProcessId Initiator,
    DateTimeOffset StartedAt,
    DateTimeOffset CompletedAt)
{
    /// <summary>The highest epoch: a restore goes on from there.</summary>
    private const long MaxEpoch = 1L << 53;

    /// <summary>The name of the application whose money the certificate sums up.</summary>
    public const string Bank = "bank";

    internal MoneyForm Form => Application == Bank ? MoneyForm.Accounts : MoneyForm.None;

    internal ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, SnapshotDocument.WriterOptions(indented: false)))
        {
            writer.WriteStartObject();
            writer.WriteString("application", Application);
            writer.WriteString("id", Id.Value);
            writer.WriteNumber("number", Number.Value);
            writer.WriteNumber("epoch", Epoch.Value);
            if (Initiator == default) writer.WriteNull("initiator");
            else writer.WriteString("initiator", Initiator.Value);
            writer.WriteString("startedAt", DocumentTime.Format(StartedAt));
            writer.WriteString("completedAt", DocumentTime.Format(CompletedAt));
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <exception cref="DocumentFormatException">It is not such a header.</exception>
    internal static ArchiveHeader Read(DocumentNode header)
    {
        var (number, epoch) = (header["number"].Number(), header["epoch"].Number());
        if (number < 1) throw header["number"].Error("is not above 0");
        if (epoch is < 1 or > MaxEpoch) throw header["epoch"].Error($"is not from 1 to {MaxEpoch}");
        return new(
            header["application"].Identity(),
            new(header["id"].Identity()),
            new(number),
            new(epoch),
            header["initiator"].IsNull ? default : new(header["initiator"].Identity()),
            TimeOf(header["startedAt"]),
            TimeOf(header["completedAt"]));
    }

    private static DateTimeOffset TimeOf(DocumentNode node) => DocumentTime.IsValid(node.Text())
        ? DateTimeOffset.Parse(node.Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        : throw node.Error("is not a time such as 2026-01-31T12:00:00.000Z");
}
