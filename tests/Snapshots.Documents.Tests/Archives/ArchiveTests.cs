using System.Text;
using Snapshots.Protocol;

namespace Snapshots.Documents.Tests;

public sealed class ArchiveTests
{
    [Fact]
    public async Task What_was_written_is_read_byte_for_byte_and_proves_itself()
    {
        var archive = await ArchiveExamples.WholeAsync();
        Assert.True((await ArchiveExamples.VerifyAsync(archive)).Valid);
        using var input = new MemoryStream(archive);
        var reader = await ArchiveReader.OpenAsync(input, TestContext.Current.CancellationToken);
        Assert.Equal(ArchiveExamples.Header, reader.Header);
        var records = await reader.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([ArchiveExamples.Alice, ArchiveExamples.Bob, default, default, default, default], records.Select(each => each.Member));
        Assert.Equal(ArchiveExamples.Reports.Select(Text), records.Skip(2).Select(each => Text(each.Report!)));
    }

    [Fact]
    public async Task It_is_the_same_global_state_as_the_document_of_its_snapshot()
    {
        var archive = await ArchiveExamples.WholeAsync();
        using var input = new MemoryStream(archive);
        var reader = await ArchiveReader.OpenAsync(input, TestContext.Current.CancellationToken);
        var rendered = await reader.ReadRenderedAsync(TestContext.Current.CancellationToken);
        var document = SnapshotDocument.Completed(
            Examples.Header, reader.Header.CompletedAt, rendered.State, RenderedFormat.Money);
        Assert.Equal(Examples.Of(Examples.ContractState).Text(), document.Text());
    }

    [Fact]
    public async Task A_state_larger_than_many_blocks_is_one_block_and_many_small_ones_share_one()
    {
        var large = ArchiveExamples.Local(ArchiveExamples.Alice, Large(3_000_000), [new(ArchiveExamples.Bob, new(3))], []);
        var archive = await ArchiveExamples.WriteAsync(
            ArchiveExamples.Header with { Application = "letters" }, [large, .. ArchiveExamples.Reports.Skip(1)]);
        Assert.Equal(5, (await ArchiveExamples.BlocksAsync(archive)).Count); // Header, members, two of reports, certificate.
        Assert.True((await ArchiveExamples.VerifyAsync(archive)).Valid);
    }

    [Fact]
    public async Task What_is_too_large_for_a_block_is_not_archived()
    {
        var large = ArchiveExamples.Local(ArchiveExamples.Alice, Large(ArchiveBlocks.MaxContent), [], []);
        var error = await Assert.ThrowsAsync<DocumentFormatException>(
            () => ArchiveExamples.WriteAsync(ArchiveExamples.Header with { Application = "letters" }, [large]));
        Assert.Equal("what alice recorded is too large for an archive: at most 67108864 bytes", error.Message);
    }

    [Theory]
    [InlineData(0, "the state of alice is missing")]
    [InlineData(1, "alice->bob")]
    [InlineData(2, "the state of bob is missing")]
    public async Task What_is_not_whole_is_not_archived(int without, string reason)
    {
        var error = await Assert.ThrowsAsync<DocumentFormatException>(() => ArchiveExamples.WriteAsync(
            ArchiveExamples.Header, ArchiveExamples.Reports.Where((_, index) => index != without)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The digests are right; what the archive says does not add up.</summary>
    [Theory]
    [InlineData(nameof(ArchiveBlockKind.Reports), "\"balance\":70", "\"balance\":71", "conservation")]
    [InlineData(nameof(ArchiveBlockKind.Reports), "\"amount\":30", "\"amount\":10", "certificate.inTransit")]
    [InlineData(nameof(ArchiveBlockKind.Reports), "\"balance\":0", "\"balance\":-1", "process bob: the balance -1 is negative")]
    [InlineData(nameof(ArchiveBlockKind.Header), "\"initiator\":\"alice\"", "\"initiator\":\"carol\"", "initiator: carol")]
    [InlineData(nameof(ArchiveBlockKind.Certificate), "\"markerCount\":2", "\"markerCount\":3", "certificate.markerCount")]
    [InlineData(nameof(ArchiveBlockKind.Certificate), "\"balance\":70", "\"balance\":71", "certificate.balance")]
    [InlineData(nameof(ArchiveBlockKind.Certificate), "\"consistent\":true", "\"consistent\":false", "certificate.consistent")]
    public async Task A_change_with_right_digests_is_found_by_the_rules(string kind, string from, string to, string finding)
    {
        var violations = (await ArchiveExamples.VerifyAsync(await ChangedAsync(Enum.Parse<ArchiveBlockKind>(kind), from, to))).Violations;
        Assert.Contains(violations, violation => violation.Contains(finding, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "process alice: its state is missing")]
    [InlineData(1, "1 messages were in transit, 0 are recorded")]
    public async Task A_report_that_is_left_out_is_found(int without, string finding)
    {
        var blocks = await ArchiveExamples.BlocksAsync(await ArchiveExamples.WholeAsync());
        var writer = new ArchiveRecordWriter();
        foreach (var report in ArchiveExamples.Reports.Where((_, index) => index != without)) writer.Write(report);
        var changed = await ArchiveExamples.OfAsync(blocks.Select(block =>
            (block.Kind, block.Kind == ArchiveBlockKind.Reports ? writer.Take().ToArray() : block.Content)));
        var violations = (await ArchiveExamples.VerifyAsync(changed)).Violations;
        Assert.Contains(violations, violation => violation.Contains(finding, StringComparison.Ordinal));
    }

    private static string Large(int bytes) => "{\"text\":\"" + new string('x', bytes) + "\"}";

    private static async Task<byte[]> ChangedAsync(ArchiveBlockKind kind, string from, string to)
    {
        var blocks = await ArchiveExamples.BlocksAsync(await ArchiveExamples.WholeAsync());
        var latin = Encoding.Latin1;
        return await ArchiveExamples.OfAsync(blocks.Select(block =>
        {
            if (block.Kind != kind) return (block.Kind, block.Content);
            var text = latin.GetString(block.Content);
            Assert.Contains(from, text, StringComparison.Ordinal);
            var changed = latin.GetBytes(text.Replace(from, to, StringComparison.Ordinal));

            // A state's length precedes it; all of these fit in one byte.
            if (kind == ArchiveBlockKind.Reports && to.Length != from.Length)
                changed[text.IndexOf(from, StringComparison.Ordinal) - 2] += (byte)(to.Length - from.Length);
            return (block.Kind, changed);
        }));
    }

    private static string Text(Report report) => report switch
    {
        LocalReport<ArchivedState> local => $"{local.Process} {Hex(local.State.State)} {Hex(local.State.Requests)} {Hex(local.State.Json)} "
            + string.Join(' ', local.Sent.Concat(local.Delivered)),
        ChannelReport<ArchivedMessage> channel => $"{channel.Source}->{channel.Process} {channel.DeliveredBefore} "
            + string.Join(' ', channel.Messages.Select(message => $"{Hex(message.Message)} {Hex(message.Json)}")),
        _ => throw new ArgumentException("no such report", nameof(report)),
    };

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);
}
