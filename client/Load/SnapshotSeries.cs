using System.Diagnostics;
using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>Takes snapshots, one after another, while transfers run.</summary>
/// <param name="bank">The bank.</param>
/// <param name="run">A name that no other run has.</param>
/// <param name="initiator">Who records first.</param>
/// <param name="period">From the begin of one to the begin of the next, if that one has ended by then.</param>
internal sealed class SnapshotSeries(BankConnection bank, string run, ProcessId initiator, TimeSpan period)
{
    private readonly List<SnapshotProbeResult> _taken = [];

    /// <summary>What was taken; to be read when the series has ended.</summary>
    public IReadOnlyList<SnapshotProbeResult> Taken => _taken;

    /// <summary>
    /// Begins the first one when transfers are under way, so that each run has one, and the last one before they end.
    /// </summary>
    public async Task RunAsync(Task underWay, CancellationToken ended, CancellationToken abandon)
    {
        await underWay;
        do
        {
            var startedAt = Stopwatch.GetTimestamp();
            var id = new SnapshotId(string.Create(CultureInfo.InvariantCulture, $"{run}-{_taken.Count + 1}"));
            _taken.Add(await SnapshotProbe.TakeAsync(bank, id, initiator, abandon));
            var left = period - Stopwatch.GetElapsedTime(startedAt);
            if (left > TimeSpan.Zero) await Task.Delay(left, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!ended.IsCancellationRequested && !abandon.IsCancellationRequested);
    }
}
