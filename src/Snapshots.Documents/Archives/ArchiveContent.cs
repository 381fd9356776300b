using System.Collections.Immutable;

namespace Snapshots.Documents;

/// <summary>
/// What an archive must prove, as it is written or read: its global state with each local state reduced to its figures,
/// and each message to its amount. Not safe for concurrent use.
/// </summary>
internal sealed class ArchiveContent(ArchiveHeader header)
{
    private readonly List<ProcessId> _members = [];
    private readonly List<Report> _reports = [];
    private (GlobalState<Figures, long> State, ImmutableArray<ProcessId> Missing)? _assembled;

    /// <summary>Members whose state is not there, in order.</summary>
    public ImmutableArray<ProcessId> Missing => Assembled.Missing;

    private (GlobalState<Figures, long> State, ImmutableArray<ProcessId> Missing) Assembled =>
        _assembled ??= Assemble();

    public void Add(ProcessId member) => _members.Add(member);

    /// <exception cref="DocumentFormatException">Its JSON is not of the application's form.</exception>
    public void Add(Report report) => _reports.Add(report switch
    {
        LocalReport<ArchivedState> local => new LocalReport<Figures>(
            local.Snapshot, local.Epoch, local.Process, FiguresOf(local), local.Sent, local.Delivered),
        ChannelReport<ArchivedMessage> channel => new ChannelReport<long>(
            channel.Snapshot,
            channel.Epoch,
            channel.Process,
            channel.Source,
            channel.DeliveredBefore,
            [.. channel.Messages.Select(message => AmountOf(channel, message))]),
        _ => throw new ArgumentException($"{report.GetType().Name} has no place in an archive", nameof(report)),
    });

    public CertificateFigures Figures => SnapshotVerifier.FiguresOf(Assembled.State, header.Form);

    /// <summary>Every rule that is broken, one line each.</summary>
    public IEnumerable<string> Check(StatedCertificate stated) =>
        SnapshotVerifier.Check(header.Initiator, Assembled.State, header.Form, stated);

    private (GlobalState<Figures, long> State, ImmutableArray<ProcessId> Missing) Assemble()
    {
        var assembly = new GlobalStateAssembly<Figures, long>(_members);
        foreach (var report in _reports) assembly.Add(report);
        return assembly.Assemble();
    }

    private Figures FiguresOf(LocalReport<ArchivedState> local) =>
        Read(local.State.Json, $"the state of {local.Process}", json => DocumentReader.ReadFigures(json, header.Form));

    private long AmountOf(ChannelReport<ArchivedMessage> channel, ArchivedMessage message) =>
        Read(message.Json, $"a message from {channel.Source} to {channel.Process}", json =>
            DocumentReader.ReadAmount(json, header.Form));

    private static T Read<T>(ReadOnlyMemory<byte> text, string what, Func<DocumentNode, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(text, SnapshotVerifier.Options);
            return read(new(json.RootElement));
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            throw new DocumentFormatException($"{what} is not JSON", cause);
        }
        catch (DocumentFormatException cause)
        {
            throw new DocumentFormatException($"{what}: {cause.Message}", cause);
        }
    }
}
