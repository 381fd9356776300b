using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Snapshots.Documents;

/// <summary>The kinds of blocks, in the order in which they come in an archive.</summary>
internal enum ArchiveBlockKind
{
    /// <summary>The one header, JSON.</summary>
    Header = 1,

    /// <summary>Ids of members.</summary>
    Members = 2,

    /// <summary>Reports of processes and channels.</summary>
    Reports = 3,

    /// <summary>The one certificate, JSON; the last block.</summary>
    Certificate = 4,
}

/// <summary>
/// The outer form of an archive: a line with the version, then blocks. A block is its kind (1 byte), the length of its
/// content (8 bytes, little-endian), the content, and a digest.
/// </summary>
/// <remarks>
/// The digest is the SHA-256 of the digest before, the kind, the length and the content; that of the line stands before
/// the first block's. So each block is proven as it is read, no block can be left out or moved, and the last digest is
/// one over the whole file.
/// </remarks>
internal static class ArchiveBlocks
{
    public const int Version = 1;

    /// <summary>The most bytes of content in one block: no state or channel state may be larger.</summary>
    public const int MaxContent = 64 * 1024 * 1024;

    /// <summary>The most bytes of JSON in the header or the certificate.</summary>
    public const int MaxText = 64 * 1024;

    public const int HeadLength = 1 + sizeof(long);

    private const int MaxLine = 64;
    private const int Chunk = 64 * 1024;

    private static ReadOnlySpan<byte> Name => "snapshots archive "u8;

    /// <summary>The first line.</summary>
    public static byte[] Line => Encoding.ASCII.GetBytes($"{Encoding.ASCII.GetString(Name)}{Version}\n");

    /// <summary>Whether a file begins as an archive does; it may still be damaged or of a newer format.</summary>
    public static bool IsBegin(ReadOnlySpan<byte> begin) => begin.StartsWith(Name);

    /// <summary>The digest of a block.</summary>
    public static byte[] Digest(ReadOnlySpan<byte> before, ReadOnlySpan<byte> head, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        hash.AppendData(head);
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }

    /// <summary>Reads the first line; returns its digest.</summary>
    /// <exception cref="DocumentFormatException">It is not an archive, or one of another version.</exception>
    public static async Task<byte[]> ReadLineAsync(Stream input, CancellationToken cancellationToken)
    {
        var line = new byte[MaxLine];
        var length = 0;
        do
        {
            if (length == MaxLine
                || await input.ReadAsync(line.AsMemory(length, 1), cancellationToken).ConfigureAwait(false) == 0)
                throw new DocumentFormatException("not an archive of a snapshot");
        }
        while (line[length++] != '\n');
        var text = line.AsSpan(0, length);
        if (!text.StartsWith(Name)) throw new DocumentFormatException("not an archive of a snapshot");
        if (!text.SequenceEqual(Line))
        {
            var named = Encoding.ASCII.GetString(text[Name.Length..^1]);
            var isNumber = int.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var version);
            throw new DocumentFormatException(isNumber && version > Version
                ? $"the archive is of format {version}; this program reads {Version}"
                : "the archive is damaged in its first line");
        }

        return SHA256.HashData(text);
    }

    /// <summary>
    /// Reads bytes whose number comes from the file: no more is allocated than about twice of what is there.
    /// </summary>
    public static async Task<byte[]> ReadAsync(
        Stream input, int length, string what, CancellationToken cancellationToken)
    {
        var content = new byte[Math.Min(length, Chunk)];
        for (var read = 0; read < length;)
        {
            if (read == content.Length) Array.Resize(ref content, (int)Math.Min(length, 2L * read));
            var more = await input.ReadAsync(content.AsMemory(read), cancellationToken).ConfigureAwait(false);
            if (more == 0) throw new DocumentFormatException($"the archive is cut off in {what}");
            read += more;
        }

        return content;
    }
}

/// <summary>Writes blocks. Not safe for concurrent use.</summary>
internal sealed class ArchiveBlockWriter(Stream output)
{
    private byte[] _digest = [];

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await output.WriteAsync(ArchiveBlocks.Line, cancellationToken).ConfigureAwait(false);
        _digest = SHA256.HashData(ArchiveBlocks.Line);
    }

    public async Task WriteAsync(
        ArchiveBlockKind kind, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var head = new byte[ArchiveBlocks.HeadLength];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(1), content.Length);
        _digest = ArchiveBlocks.Digest(_digest, head, content.Span);
        await output.WriteAsync(head, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(content, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(_digest, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>Reads blocks in their order, and proves each. Not safe for concurrent use.</summary>
internal sealed class ArchiveBlockReader(Stream input)
{
    private byte[] _digest = [];
    private ArchiveBlockKind _last;
    private int _number;

    /// <summary>The number of the block that was read last, for messages.</summary>
    public string Place => $"block {_number}";

    public async Task BeginAsync(CancellationToken cancellationToken) =>
        _digest = await ArchiveBlocks.ReadLineAsync(input, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads the next block.</summary>
    /// <exception cref="DocumentFormatException">The archive is damaged here.</exception>
    public async Task<(ArchiveBlockKind Kind, ReadOnlyMemory<byte> Content)> ReadAsync(
        CancellationToken cancellationToken)
    {
        _number++;
        var head = await ReadAsync(ArchiveBlocks.HeadLength, cancellationToken).ConfigureAwait(false);
        var (kind, length) = ((ArchiveBlockKind)head[0], BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(1)));
        var isText = kind is ArchiveBlockKind.Header or ArchiveBlockKind.Certificate;
        var most = isText ? ArchiveBlocks.MaxText : ArchiveBlocks.MaxContent;
        if (!IsNext(kind) || length < 0 || length > most) throw Damaged();
        var content = await ReadAsync((int)length, cancellationToken).ConfigureAwait(false);
        var digest = await ReadAsync(_digest.Length, cancellationToken).ConfigureAwait(false);
        _digest = ArchiveBlocks.Digest(_digest, head, content);
        if (!digest.AsSpan().SequenceEqual(_digest)) throw Damaged();
        _last = kind;
        return (kind, content);
    }

    /// <summary>Nothing may follow the last block.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (await input.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) > 0)
            throw new DocumentFormatException("the archive is damaged: something follows its end");
    }

    public DocumentFormatException Damaged() => new($"the archive is damaged in {Place}");

    private Task<byte[]> ReadAsync(int length, CancellationToken cancellationToken) =>
        ArchiveBlocks.ReadAsync(input, length, Place, cancellationToken);

    private bool IsNext(ArchiveBlockKind kind) => kind switch
    {
        ArchiveBlockKind.Header => _number == 1,
        ArchiveBlockKind.Members => _last is ArchiveBlockKind.Header or ArchiveBlockKind.Members,
        ArchiveBlockKind.Reports or ArchiveBlockKind.Certificate => _number > 1,
        _ => false,
    };
}
