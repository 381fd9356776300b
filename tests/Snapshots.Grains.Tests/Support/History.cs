using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>
/// Leads a real process through random inputs, all legal: letters and markers either way, acknowledgements, snapshots.
/// </summary>
internal sealed class History(Random random, int peers)
{
    private const long WallMs = 1_769_860_800_000;
    private long _highest;
    private long _amount;

    public void Step(Process<LetterState, Letter> process)
    {
        var peer = new ProcessId($"p{random.Next(peers)}");
        var open = process.OpenRecordings.ToList();
        switch (random.Next(23))
        {
            case < 6 when process.HasRoom(peer):
                process.Send(peer, ++_amount);
                break;
            case < 12:
                process.Receive(process.NextLetter(peer, ++_amount), default);
                break;
            case < 15 when process.OutgoingTo(peer) is { Unacknowledged.IsEmpty: false } channel:
                var entry = channel.Unacknowledged[random.Next(channel.Unacknowledged.Length)];
                process.AcknowledgeTo(peer, random.NextInt64(entry.First.Value, entry.Last.Value + 1));
                break;
            case 15 when open.Count < 4:
                _highest = Math.Max(_highest, process.Known.Highest.Value) + 1;
                process.Learn(new(new(_highest), [.. open, new(_highest)]));
                process.Initiate(new(_highest), default);
                break;
            case 16 when open.Count > 0:
                process.Learn(new(process.Known.Highest, open.Skip(1)));
                break;
            case 17:
                foreach (var report in process.UnacceptedReports().Where(_ => random.Next(2) == 0).ToList()) process.Accept(report);
                break;
            case > 19:
                var (timed, hand) = (RequestKey.Create(WallMs + ++_amount, (ulong)_amount), new RequestKey($"k{_amount}"));
                process.Apply(null, new(random.Next(2) == 0 ? timed : hand, 7, [(byte)random.Next(3)], WallMs), default);
                break;
            case > 17 when open.Count > 0 && IsRecording(process, open[^1], peer):
                process.Receive(process.NextMarker(peer, open[^1]), default);
                break;
            default:
                break;
        }

        Assert.Empty(process.TakeEffects().Faults);
    }

    private static bool IsRecording(Process<LetterState, Letter> process, SnapshotNumber snapshot, ProcessId peer) =>
        process.ToRecord().Recordings.Single(recording => recording.Snapshot == snapshot)
            .Channels.Any(channel => channel.Source == peer && channel.Status == ChannelRecordingStatus.Recording);
}
