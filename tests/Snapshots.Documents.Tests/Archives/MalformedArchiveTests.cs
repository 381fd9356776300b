using System.Buffers.Binary;
using System.Text;

namespace Snapshots.Documents.Tests;

/// <summary>Archives that are damaged, made up, or of another format: each is refused in one line, with little memory.</summary>
public sealed class MalformedArchiveTests
{
    private const long MaxAllocated = 200L * 1024 * 1024;

    [Fact]
    public async Task Every_flipped_bit_and_every_cut_is_refused()
    {
        var whole = await ArchiveExamples.WholeAsync();
        for (var position = 0; position < whole.Length; position++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var damaged = whole.ToArray();
                damaged[position] ^= (byte)(1 << bit);
                await RefuseAsync(damaged);
            }

            await RefuseAsync(whole[..position]);
        }
    }

    [Fact]
    public async Task No_length_is_believed()
    {
        var whole = await ArchiveExamples.WholeAsync();
        var blocks = await ArchiveExamples.BlocksAsync(whole);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var (_, _, offset) in blocks)
        {
            foreach (var length in new[] { 1L << 62, -1, long.MaxValue, long.MinValue, ArchiveBlocks.MaxContent, ArchiveBlocks.MaxContent + 1L })
            {
                var damaged = whole.ToArray();
                BinaryPrimitives.WriteInt64LittleEndian(damaged.AsSpan(offset + 1), length);
                await RefuseAsync(damaged);
            }
        }

        // Lengths inside a block whose digest is right.
        byte[] huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f]; // Above 2^61.
        foreach (var content in new byte[][] { huge, [0, .. huge], [0, 1, (byte)'a', .. huge], [0, 1, (byte)'a', 0, 0, 0, .. huge], [1, 1, (byte)'a', 1, (byte)'b', 0, .. huge] })
        {
            await RefuseAsync(await WithAsync(blocks, ArchiveBlockKind.Reports, content));
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < MaxAllocated, $"{allocated} bytes were allocated");
    }

    [Theory]
    [InlineData("snapshots archive 2\n", "the archive is of format 2; this program reads 1")]
    [InlineData("snapshots archive 99999\n", "the archive is of format 99999; this program reads 1")]
    [InlineData("snapshots archive x\n", "the archive is damaged in its first line")]
    [InlineData("snapshots archive 0\n", "the archive is damaged in its first line")]
    [InlineData("{\"schemaVersion\":1}", "not an archive of a snapshot")]
    [InlineData("", "not an archive of a snapshot")]
    public async Task Another_format_is_named(string begin, string message) =>
        Assert.Equal(message, await RefuseAsync(Encoding.ASCII.GetBytes(begin)));

    [Fact]
    public async Task Blocks_that_are_missing_doubled_moved_or_unknown_are_refused_also_with_right_digests()
    {
        var blocks = await ArchiveExamples.BlocksAsync(await ArchiveExamples.WholeAsync());
        var (header, members, reports, certificate) = (Block(0), Block(1), Block(2), Block(3));
        foreach (var order in new[]
        {
            [members, reports, certificate],
            [header, members, reports],
            [header, reports, members, certificate],
            [header, header, members, reports, certificate],
            [header, members, reports, certificate, reports],
            [header, members, reports, certificate, certificate],
            [header, ((ArchiveBlockKind)9, members.Content), reports, certificate],
            new[] { (ArchiveBlockKind.Header, "{}"u8.ToArray()), members, reports, certificate },
            [(ArchiveBlockKind.Header, "no JSON"u8.ToArray()), members, reports, certificate],
            [header, members, reports, (ArchiveBlockKind.Certificate, "[]"u8.ToArray())],
            [header, (ArchiveBlockKind.Members, "\u0003a b"u8.ToArray()), reports, certificate],
            [header, members, (ArchiveBlockKind.Reports, [7]), certificate],
        })
        {
            await RefuseAsync(await ArchiveExamples.OfAsync(order));
        }

        // What is whole is followed by more.
        await RefuseAsync([.. await ArchiveExamples.WholeAsync(), 0]);

        (ArchiveBlockKind Kind, byte[] Content) Block(int index) => (blocks[index].Kind, blocks[index].Content);
    }

    private static Task<byte[]> WithAsync(
        List<(ArchiveBlockKind Kind, byte[] Content, int Offset)> blocks, ArchiveBlockKind kind, byte[] content) =>
        ArchiveExamples.OfAsync(blocks.Select(block => (block.Kind, block.Kind == kind ? content : block.Content)));

    private static async Task<string> RefuseAsync(byte[] archive)
    {
        var error = await Assert.ThrowsAsync<DocumentFormatException>(() => ArchiveExamples.VerifyAsync(archive));
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }
}
