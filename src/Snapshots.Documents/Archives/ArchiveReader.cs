using System.Runtime.CompilerServices;

namespace Snapshots.Documents;

/// <summary>
/// Reads an archive from its begin to its end, block by block. Nothing of it is trusted: each block is proven by its
/// digest before it is looked at, and each length is bounded before anything is allocated for it.
/// </summary>
public sealed class ArchiveReader
{
    private readonly ArchiveBlockReader _blocks;
    private ReadOnlyMemory<byte> _certificate;
    private bool _isRead;

    private ArchiveReader(ArchiveBlockReader blocks, ArchiveHeader header) => (_blocks, Header) = (blocks, header);

    /// <summary>What the archive says of its snapshot.</summary>
    public ArchiveHeader Header { get; }

    /// <summary>Whether a file begins as an archive does; it may still be damaged or of a newer format.</summary>
    public static bool IsArchive(ReadOnlySpan<byte> begin) => ArchiveBlocks.IsBegin(begin);

    /// <summary>Opens an archive at its begin.</summary>
    /// <exception cref="DocumentFormatException">It is not an archive, of another format, or damaged.</exception>
    public static async Task<ArchiveReader> OpenAsync(Stream input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var blocks = new ArchiveBlockReader(input);
        await blocks.BeginAsync(cancellationToken).ConfigureAwait(false);
        var (_, content) = await blocks.ReadAsync(cancellationToken).ConfigureAwait(false);
        using var json = Parse(content, blocks);
        return new(blocks, ArchiveHeader.Read(new(json.RootElement)));
    }

    /// <summary>
    /// Reads what follows the header: members, then reports. When the enumeration has ended, the whole file was proven.
    /// It can be enumerated once.
    /// </summary>
    /// <exception cref="DocumentFormatException">The archive is damaged.</exception>
    public async IAsyncEnumerable<ArchiveRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_isRead) throw new InvalidOperationException("an archive is read once");
        _isRead = true;
        while (true)
        {
            var (kind, content) = await _blocks.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (kind == ArchiveBlockKind.Certificate)
            {
                await _blocks.EndAsync(cancellationToken).ConfigureAwait(false);
                _certificate = content;
                yield break;
            }

            var records = new ArchiveRecordReader(content, Header, _blocks.Place);
            while (!records.IsAtEnd)
            {
                yield return kind == ArchiveBlockKind.Members
                    ? new(records.ReadProcess(), Report: null)
                    : new(Member: default, records.ReadReport());
            }
        }
    }

    /// <summary>Reads all, and proves the certificate as <see cref="SnapshotVerifier"/> proves a document.</summary>
    /// <exception cref="DocumentFormatException">The archive is damaged.</exception>
    public async Task<(SnapshotVerification Verification, CertificateFigures Figures)> VerifyAsync(
        CancellationToken cancellationToken)
    {
        var content = new ArchiveContent(Header);
        await foreach (var (member, report) in ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (report is null) content.Add(member);
            else content.Add(report);
        }

        using var json = Parse(_certificate, _blocks);
        var certificate = new DocumentNode(json.RootElement)["certificate"];
        var stated = DocumentReader.ReadCertificate(certificate, Header.Form, digest: "");
        var missing = content.Missing.Select(process => $"process {process}: its state is missing");
        return (new(Header.Id, [.. missing, .. content.Check(stated)]), content.Figures);
    }

    /// <summary>Reads the global state as JSON; it proves no certificate.</summary>
    /// <exception cref="DocumentFormatException">The archive is damaged.</exception>
    public async Task<RenderedSnapshot> ReadRenderedAsync(CancellationToken cancellationToken)
    {
        var members = new List<ProcessId>();
        var reports = new List<Report>();
        await foreach (var (member, report) in ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (report is null) members.Add(member);
            else reports.Add(Rendered(report));
        }

        var assembly = new GlobalStateAssembly<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(members);
        foreach (var report in reports) assembly.Add(report);
        return new(Header.Id, Header.Form == MoneyForm.None ? Header.Application : null, assembly.Assemble().State);
    }

    /// <summary>A copy, so that the stored form can be freed.</summary>
    private static Report Rendered(Report report) => report switch
    {
        LocalReport<ArchivedState> local => new LocalReport<ReadOnlyMemory<byte>>(
            local.Snapshot, local.Epoch, local.Process, local.State.Json.ToArray(), local.Sent, local.Delivered),
        ChannelReport<ArchivedMessage> channel => new ChannelReport<ReadOnlyMemory<byte>>(
            channel.Snapshot,
            channel.Epoch,
            channel.Process,
            channel.Source,
            channel.DeliveredBefore,
            [.. channel.Messages.Select(ReadOnlyMemory<byte> (message) => message.Json.ToArray())]),
        _ => throw new InvalidOperationException($"{report.GetType().Name} is not in an archive"),
    };

    private static JsonDocument Parse(ReadOnlyMemory<byte> content, ArchiveBlockReader blocks)
    {
        try
        {
            return JsonDocument.Parse(content);
        }
        catch (JsonException)
        {
            throw blocks.Damaged();
        }
    }
}

/// <summary>What follows the header of an archive, piece by piece.</summary>
/// <param name="Member">A member; <c>default</c> if it is a report.</param>
/// <param name="Report">
/// A report of an <see cref="ArchivedState"/> or of <see cref="ArchivedMessage"/>s; none if it is a member.
/// </param>
public readonly record struct ArchiveRecord(ProcessId Member, Report? Report);
