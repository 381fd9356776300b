using System.Text;
using Snapshots.Protocol;

namespace Snapshots.Documents.Tests;

/// <summary>The archive of <see cref="Examples.ContractState"/>, and what tests do to archives.</summary>
internal static class ArchiveExamples
{
    public static ArchiveHeader Header { get; } = new(
        "bank", new("s-1"), new(7), Epoch.First, new("alice"), Examples.Start, Examples.Start.AddMilliseconds(40));

    public static ProcessId Alice { get; } = new("alice");

    public static ProcessId Bob { get; } = new("bob");

    /// <summary>Alice has 70 of 100, and 30 are in transit to Bob.</summary>
    public static IReadOnlyList<Report> Reports { get; } =
    [
        Local(Alice, """{"balance":70,"deposited":100,"withdrawn":0}""", [new(Bob, new(3))], [new(Bob, new(0))]),
        Channel(Alice, Bob, 2, """{"type":"transfer","transferId":"t-9","amount":30}"""),
        Local(Bob, """{"balance":0,"deposited":0,"withdrawn":0}""", [new(Alice, new(0))], [new(Alice, new(2))]),
        Channel(Bob, Alice, 0),
    ];

    public static LocalReport<ArchivedState> Local(
        ProcessId process, string json, ChannelCount[] sent, ChannelCount[] delivered) => new(
        new(7), Epoch.First, process, new(new byte[] { 1, 2 }, new byte[] { 3 }, Encoding.UTF8.GetBytes(json)), [.. sent], [.. delivered]);

    public static ChannelReport<ArchivedMessage> Channel(
        ProcessId source, ProcessId target, long deliveredBefore, params string[] messages) => new(
        new(7),
        Epoch.First,
        target,
        source,
        new(deliveredBefore),
        [.. messages.Select(json => new ArchivedMessage(new byte[] { 4 }, Encoding.UTF8.GetBytes(json)))]);

    public static async Task<byte[]> WriteAsync(ArchiveHeader header, IEnumerable<Report> reports)
    {
        using var output = new MemoryStream();
        var writer = await ArchiveWriter.BeginAsync(output, header, TestContext.Current.CancellationToken);
        await writer.AddAsync([Alice, Bob], TestContext.Current.CancellationToken);
        foreach (var report in reports) await writer.AddAsync(report, TestContext.Current.CancellationToken);
        await writer.CompleteAsync(TestContext.Current.CancellationToken);
        return output.ToArray();
    }

    public static Task<byte[]> WholeAsync() => WriteAsync(Header, Reports);

    public static async Task<SnapshotVerification> VerifyAsync(byte[] archive)
    {
        using var input = new MemoryStream(archive);
        var reader = await ArchiveReader.OpenAsync(input, TestContext.Current.CancellationToken);
        return (await reader.VerifyAsync(TestContext.Current.CancellationToken)).Verification;
    }

    /// <summary>The blocks of an archive, and where each begins.</summary>
    public static async Task<List<(ArchiveBlockKind Kind, byte[] Content, int Offset)>> BlocksAsync(byte[] archive)
    {
        using var input = new MemoryStream(archive);
        var reader = new ArchiveBlockReader(input);
        await reader.BeginAsync(TestContext.Current.CancellationToken);
        var blocks = new List<(ArchiveBlockKind Kind, byte[] Content, int Offset)>();
        while (input.Position < input.Length)
        {
            var offset = (int)input.Position;
            var (kind, content) = await reader.ReadAsync(TestContext.Current.CancellationToken);
            blocks.Add((kind, content.ToArray(), offset));
        }

        return blocks;
    }

    /// <summary>An archive of these blocks with right digests, as an editor that hides a change would write it.</summary>
    public static async Task<byte[]> OfAsync(IEnumerable<(ArchiveBlockKind Kind, byte[] Content)> blocks)
    {
        using var output = new MemoryStream();
        var writer = new ArchiveBlockWriter(output);
        await writer.BeginAsync(TestContext.Current.CancellationToken);
        foreach (var (kind, content) in blocks) await writer.WriteAsync(kind, content, TestContext.Current.CancellationToken);
        return output.ToArray();
    }
}
