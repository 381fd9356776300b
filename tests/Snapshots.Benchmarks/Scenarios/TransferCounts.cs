using System.Globalization;

namespace Snapshots.Benchmarks;

/// <summary>What the silo did for each transfer, over some rounds.</summary>
internal sealed class TransferCounts(SiloCounters counters)
{
    private long _transfers;
    private long _commits;
    private long _packets;
    private long _frames;
    private long _resent;
    private long _groups;

    /// <summary>Runs a round and adds what was counted in it.</summary>
    public async Task<LoadSample> AddAsync(Func<Task<LoadSample>> round, BenchmarkBank bank)
    {
        var before = (bank.Paid, counters.Commits, counters.Packets, counters.Frames, counters.Resent, counters.Groups);
        var sample = await round();
        _transfers += bank.Paid - before.Paid;
        _commits += counters.Commits - before.Commits;
        _packets += counters.Packets - before.Packets;
        _frames += counters.Frames - before.Frames;
        _resent += counters.Resent - before.Resent;
        _groups += counters.Groups - before.Groups;
        return sample;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Each(_commits)} commits, {Each(_packets)} stream events, {Each(_frames)} frames ({Each(_resent)} of them "
            + $"again), {Each(_groups)} waits for the disk");

    private string Each(long count) =>
        Statistics.Ratio(count, _transfers).ToString("0.###", CultureInfo.InvariantCulture);
}
