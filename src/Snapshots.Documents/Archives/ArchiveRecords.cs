using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Snapshots.Documents;

/// <summary>A local state in an archive.</summary>
/// <param name="State">The stored form.</param>
/// <param name="Requests">The stored form of the memory of request keys.</param>
/// <param name="Json">The state as one JSON value in UTF-8.</param>
public sealed record ArchivedState(
    ReadOnlyMemory<byte> State, ReadOnlyMemory<byte> Requests, ReadOnlyMemory<byte> Json);

/// <summary>A message in transit in an archive.</summary>
/// <param name="Message">The stored form.</param>
/// <param name="Json">The message as one JSON object in UTF-8, without its number.</param>
public sealed record ArchivedMessage(ReadOnlyMemory<byte> Message, ReadOnlyMemory<byte> Json);

/// <summary>
/// Writes ids and reports as the content of blocks: integers as unsigned LEB128, texts and bytes after their length.
/// </summary>
internal sealed class ArchiveRecordWriter
{
    public const byte LocalKind = 0;
    public const byte ChannelKind = 1;

    private readonly ArrayBufferWriter<byte> _content = new();

    public int Length => _content.WrittenCount;

    public ReadOnlyMemory<byte> Take()
    {
        var content = _content.WrittenMemory.ToArray();
        _content.ResetWrittenCount();
        return content;
    }

    public void Write(ProcessId process) => WriteBytes(Encoding.ASCII.GetBytes(process.Value));

    /// <exception cref="ArgumentException">The report is of another kind.</exception>
    public void Write(Report report)
    {
        switch (report)
        {
            case LocalReport<ArchivedState> local:
                WriteByte(LocalKind);
                Write(local.Process);
                WriteBytes(local.State.State.Span);
                WriteBytes(local.State.Requests.Span);
                WriteBytes(local.State.Json.Span);
                WriteCounts(local.Sent);
                WriteCounts(local.Delivered);
                break;
            case ChannelReport<ArchivedMessage> channel:
                WriteByte(ChannelKind);
                Write(channel.Process);
                Write(channel.Source);
                WriteNumber(channel.DeliveredBefore.Value);
                WriteNumber(channel.Messages.Length);
                foreach (var message in channel.Messages)
                {
                    WriteBytes(message.Message.Span);
                    WriteBytes(message.Json.Span);
                }

                break;
            default:
                throw new ArgumentException($"{report.GetType().Name} has no place in an archive", nameof(report));
        }
    }

    private void WriteCounts(ImmutableArray<ChannelCount> counts)
    {
        WriteNumber(counts.Length);
        foreach (var (peer, count) in counts)
        {
            Write(peer);
            WriteNumber(count.Value);
        }
    }

    private void WriteByte(byte value)
    {
        _content.GetSpan(1)[0] = value;
        _content.Advance(1);
    }

    private void WriteNumber(long value)
    {
        for (; value >= 0x80; value >>= 7) WriteByte((byte)((value & 0x7F) | 0x80));
        WriteByte((byte)value);
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteNumber(bytes.Length);
        _content.Write(bytes);
    }
}

/// <summary>
/// Reads what <see cref="ArchiveRecordWriter"/> has written. Bytes are slices of the content. Every length is checked
/// against what is left of the content, and lists grow with what is read.
/// </summary>
internal sealed class ArchiveRecordReader(ReadOnlyMemory<byte> content, ArchiveHeader header, string place)
{
    private const int MaxNumberBytes = 9;

    /// <summary>
    /// The most messages, or peers, in one record: lists take more memory than their bytes in the file.
    /// </summary>
    private const int MaxItems = 1_000_000;

    /// <summary>The highest count: a process counts on from there.</summary>
    private const long MaxCount = 1L << 53;
    private int _at;

    public bool IsAtEnd => _at == content.Length;

    public ProcessId ReadProcess()
    {
        var text = Encoding.ASCII.GetString(ReadBytes().Span);
        return Identifier.IsValid(text) ? new(text) : throw Damaged();
    }

    public Report ReadReport()
    {
        var kind = ReadByte();
        if (kind == ArchiveRecordWriter.LocalKind)
        {
            var (process, state) = (ReadProcess(), new ArchivedState(ReadBytes(), ReadBytes(), ReadBytes()));
            return new LocalReport<ArchivedState>(
                header.Number, header.Epoch, process, state, ReadCounts(), ReadCounts());
        }

        if (kind != ArchiveRecordWriter.ChannelKind) throw Damaged();
        var (target, source, deliveredBefore) = (ReadProcess(), ReadProcess(), ReadCount());
        var messages = ImmutableArray.CreateBuilder<ArchivedMessage>();
        for (var left = ReadItems(); left > 0; left--) messages.Add(new(ReadBytes(), ReadBytes()));
        return new ChannelReport<ArchivedMessage>(
            header.Number, header.Epoch, target, source, deliveredBefore, messages.ToImmutable());
    }

    private ImmutableArray<ChannelCount> ReadCounts()
    {
        var counts = ImmutableArray.CreateBuilder<ChannelCount>();
        for (var left = ReadItems(); left > 0; left--) counts.Add(new(ReadProcess(), ReadCount()));
        return counts.ToImmutable();
    }

    private byte ReadByte() => IsAtEnd ? throw Damaged() : content.Span[_at++];

    private long ReadNumber()
    {
        var value = 0L;
        for (var index = 0; index < MaxNumberBytes; index++)
        {
            var next = ReadByte();
            value |= (long)(next & 0x7F) << (7 * index);
            if (next < 0x80) return value;
        }

        throw Damaged();
    }

    private MessageCount ReadCount() => ReadNumber() is var count and <= MaxCount ? new(count) : throw Damaged();

    private long ReadItems() => ReadNumber() is var count and <= MaxItems ? count : throw Damaged();

    private ReadOnlyMemory<byte> ReadBytes()
    {
        var length = ReadNumber();
        if (length > content.Length - _at) throw Damaged();
        var bytes = content.Slice(_at, (int)length);
        _at += (int)length;
        return bytes;
    }

    private DocumentFormatException Damaged() => new($"the archive is damaged in {place}");
}
