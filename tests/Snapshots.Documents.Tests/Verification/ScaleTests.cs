using System.Diagnostics;
using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Documents.Tests;

public sealed class ScaleTests
{
    /// <summary>Far above what it takes, far below what a square of the channels would.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public void Three_hundred_accounts_that_all_paid_each_other_are_verified_at_once()
    {
        var names = Names(300);
        var pairs = names.SelectMany(source => names.Where(name => name != source).Select(target => (source, target)));
        AssertFast(names, pairs, 89_700);
    }

    [Fact]
    public void A_ring_of_ten_thousand_accounts_is_verified_at_once()
    {
        var names = Names(10_000);
        AssertFast(names, names.Zip(names.Skip(1).Append(names[0])), 10_000);
    }

    private static void AssertFast(string[] names, IEnumerable<(string Source, string Target)> channels, int expected)
    {
        var state = new GlobalState<Figures, BankMessage>(
            [.. names.Select(name => Examples.Process(name, new Figures(1000, 1000, 0)))],
            [.. channels.Select(channel => Examples.Channel<BankMessage>(channel.Source, channel.Target, 9, 9))]);
        var watch = Stopwatch.StartNew();
        var document = SnapshotDocument.Completed(
            Examples.Header with { Initiator = new ProcessId(names[0]) }, Examples.Start, state, new BankFormat());
        Assert.True(SnapshotVerifier.Verify(document.ToUtf8(indented: true)).Valid);
        Assert.Equal(expected, document.Certificate!.MarkerCount);
        Assert.True(watch.Elapsed < Limit, $"{expected} channels took {watch.Elapsed}");
    }

    private static string[] Names(int count) =>
        [.. Enumerable.Range(0, count).Select(number => number.ToString("'a'00000", CultureInfo.InvariantCulture))];
}
