using System.Buffers;

namespace Snapshots.Documents;

/// <summary>
/// Writes the archive of a completed snapshot as its reports come: members first, then reports. What it holds in memory
/// are ids, counts and the figures of the certificate, and one block. Not safe for concurrent use.
/// </summary>
public sealed class ArchiveWriter
{
    /// <summary>A block takes no further record once it has so many bytes.</summary>
    private const int BlockBytes = 64 * 1024;

    private readonly ArchiveBlockWriter _blocks;
    private readonly ArchiveRecordWriter _records = new();
    private readonly ArchiveContent _content;
    private ArchiveBlockKind _kind = ArchiveBlockKind.Members;

    private ArchiveWriter(ArchiveBlockWriter blocks, ArchiveHeader header) =>
        (_blocks, _content) = (blocks, new(header));

    /// <summary>Begins an archive.</summary>
    /// <param name="output">Where it is written; it is not closed.</param>
    /// <param name="header">What it says of its snapshot.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public static async Task<ArchiveWriter> BeginAsync(
        Stream output, ArchiveHeader header, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(header);
        var blocks = new ArchiveBlockWriter(output);
        await blocks.BeginAsync(cancellationToken).ConfigureAwait(false);
        await blocks.WriteAsync(ArchiveBlockKind.Header, header.ToJson(), cancellationToken).ConfigureAwait(false);
        return new(blocks, header);
    }

    /// <summary>Adds members; all come before the first report.</summary>
    public async Task AddAsync(IEnumerable<ProcessId> members, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (_kind != ArchiveBlockKind.Members) throw new InvalidOperationException("members come before reports");
        foreach (var member in members)
        {
            _content.Add(member);
            _records.Write(member);
            await FlushAsync(BlockBytes, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Adds a report of an <see cref="ArchivedState"/> or of <see cref="ArchivedMessage"/>s. Of those that come twice
    /// the first one counts.
    /// </summary>
    /// <exception cref="DocumentFormatException">
    /// Its JSON is not what the application's states and messages are, or it is larger than a block may be.
    /// </exception>
    public async Task AddAsync(Report report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (_kind == ArchiveBlockKind.Members) await FlushAsync(1, cancellationToken).ConfigureAwait(false);
        _kind = ArchiveBlockKind.Reports;
        _content.Add(report);
        _records.Write(report);
        if (_records.Length > ArchiveBlocks.MaxContent)
        {
            const int Most = ArchiveBlocks.MaxContent;
            throw new DocumentFormatException(
                $"what {report.Process} recorded is too large for an archive: at most {Most} bytes");
        }

        await FlushAsync(BlockBytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the archive with the certificate of what was added.</summary>
    /// <exception cref="DocumentFormatException">
    /// What was added is not a whole and consistent global state; the archive is not to be kept.
    /// </exception>
    public async Task<CertificateFigures> CompleteAsync(CancellationToken cancellationToken)
    {
        var figures = _content.Figures;
        if (_content.Missing is [var missing, ..])
            throw new DocumentFormatException($"the state of {missing} is missing");
        if (!figures.Consistent) throw new DocumentFormatException(figures.Violations[0]);
        await FlushAsync(1, cancellationToken).ConfigureAwait(false);
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, SnapshotDocument.WriterOptions(indented: false)))
        {
            writer.WriteStartObject();
            DocumentWriter.WriteCertificate(writer, figures);
            writer.WriteEndObject();
        }

        await _blocks.WriteAsync(ArchiveBlockKind.Certificate, json.WrittenMemory, cancellationToken)
            .ConfigureAwait(false);
        return figures;
    }

    private async Task FlushAsync(int least, CancellationToken cancellationToken)
    {
        if (_records.Length < least) return;
        await _blocks.WriteAsync(_kind, _records.Take(), cancellationToken).ConfigureAwait(false);
    }
}
