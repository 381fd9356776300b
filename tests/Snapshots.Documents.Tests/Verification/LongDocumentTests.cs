using System.Text;
using System.Text.Json.Nodes;

namespace Snapshots.Documents.Tests;

/// <summary>Documents are read from streams of any length, in whatever portions the stream gives.</summary>
public sealed class LongDocumentTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void A_document_that_comes_in_portions_is_proven_and_read_as_one_that_comes_at_once(int portion)
    {
        var right = Examples.Of(Examples.RichState).ToUtf8(indented: true).ToArray();
        var wrong = Encoding.UTF8.GetString(right).Replace("\"amount\": 12", "\"amount\": 13", StringComparison.Ordinal);
        foreach (var json in new[] { right, Encoding.UTF8.GetBytes(wrong) })
        {
            using var whole = new MemoryStream(json);
            using var parts = new PortionStream(json, portion);
            Assert.Equal(SnapshotVerifier.Verify(json).Violations, SnapshotVerifier.Verify(parts).Violations);
            parts.Position = 0;
            Assert.Equal(RenderedSnapshot.Read(whole).Money(), RenderedSnapshot.Read(parts).Money());
        }
    }

    [Fact]
    public void The_members_of_a_document_may_be_in_any_order()
    {
        var ordered = JsonNode.Parse(Examples.Contract)!.AsObject();
        var reversed = new JsonObject();
        foreach (var (name, value) in ordered.Reverse()) reversed.Add(name, value?.DeepClone());
        Assert.Empty(Examples.Verify(reversed).Violations);
    }

    [Theory]
    [InlineData("\"processes\": 5,")]
    [InlineData("\"processes\": [],")]
    [InlineData("\"channels\": {},")]
    public void A_second_array_of_processes_or_channels_is_refused(string member)
    {
        var json = Examples.Contract.Replace("\"certificate\"", $"{member} \"certificate\"", StringComparison.Ordinal);
        Assert.Throws<DocumentFormatException>(() => Examples.Verify(json));
    }

    /// <summary>Three hundred states of a megabyte: the memory is that of one.</summary>
    [Fact]
    public void The_memory_of_a_proof_does_not_grow_with_the_bytes_of_the_states()
    {
        var text = new string('x', 1 << 20);
        var state = $"{{\"id\":\"a000\",\"state\":{{\"balance\":0,\"deposited\":0,\"withdrawn\":0,\"x\":\"{text}\"}}}},";
        var (head, tail) = Split(Examples.Contract);
        using var input = new RepeatedStream(
            Encoding.UTF8.GetBytes(head), Encoding.UTF8.GetBytes(state), 300, Encoding.UTF8.GetBytes(tail));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var verification = SnapshotVerifier.Verify(input);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Contains(verification.Violations, violation => violation.Contains("processCount", StringComparison.Ordinal));
        Assert.True(allocated < 30 << 20, $"{allocated} bytes for {input.Length}");
    }

    private static (string Head, string Tail) Split(string document)
    {
        var at = document.IndexOf("{ \"id\": \"alice\"", StringComparison.Ordinal);
        return (document[..at], document[at..]);
    }

    private sealed class PortionStream(byte[] content, int portion) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, portion));
    }

    /// <summary>A begin, a middle as often as wanted, and an end.</summary>
    private sealed class RepeatedStream(byte[] head, byte[] middle, int times, byte[] tail) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => head.Length + ((long)middle.Length * times) + tail.Length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var end = Length - tail.Length;
            var (part, at) = Position < head.Length ? (head, Position)
                : Position < end ? (middle, (Position - head.Length) % middle.Length)
                : (tail, Position - end);
            var read = Math.Min(count, part.Length - (int)at);
            part.AsSpan((int)at, read).CopyTo(buffer.AsSpan(offset));
            Position += read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
