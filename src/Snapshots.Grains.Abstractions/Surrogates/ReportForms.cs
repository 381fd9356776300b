using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Turns reports of <see cref="StatePayload"/>s and <see cref="Payload"/>s into their wire form and back.
/// </summary>
public static class ReportForms
{
    private const byte LocalKind = 0;
    private const byte ChannelKind = 1;
    private const byte OverflowKind = 2;

    /// <summary>About what a report takes besides: its names and numbers.</summary>
    private const long FixedBytes = 64;

    /// <summary>About what an event of a flight recorder takes.</summary>
    private const long FlightBytes = 32;

    /// <summary>The wire form of a report.</summary>
    /// <exception cref="ArgumentException">The report is of an unknown kind.</exception>
    public static ReportSurrogate ToWire(this Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report switch
        {
            LocalReport<StatePayload> local => new()
            {
                Kind = LocalKind,
                Snapshot = local.Snapshot.Value,
                Epoch = local.Epoch.Value,
                Process = local.Process.Value,
                State = local.State.State.Bytes,
                Requests = local.State.Requests.Bytes,
                Peers = [.. local.Sent.Select(count => count.Peer.Value), .. local.Delivered.Select(count => count.Peer.Value)],
                Sent = [.. local.Sent.Select(count => count.Count.Value)],
                Delivered = [.. local.Delivered.Select(count => count.Count.Value)],
                Flight = local.State.Flight.IsDefaultOrEmpty ? null : [.. local.State.Flight.Select(ToWire)],
                HasRested = report.HasRested,
            },
            ChannelReport<Payload> channel => new()
            {
                Kind = ChannelKind,
                Snapshot = channel.Snapshot.Value,
                Epoch = channel.Epoch.Value,
                Process = channel.Process.Value,
                Source = channel.Source.Value,
                Number = channel.DeliveredBefore.Value,
                Messages = [.. channel.Messages.Select(message => message.Bytes)],
                HasRested = report.HasRested,
            },
            OverflowReport overflow => new()
            {
                Kind = OverflowKind,
                Snapshot = overflow.Snapshot.Value,
                Epoch = overflow.Epoch.Value,
                Process = overflow.Process.Value,
                Number = overflow.Limit,
                HasRested = report.HasRested,
            },
            _ => throw new ArgumentException($"{report.GetType().Name} has no wire form", nameof(report)),
        };
    }

    /// <summary>About what a report takes in the storage, in bytes: its payloads, names and counts.</summary>
    public static long BytesOf(Report report) => report switch
    {
        LocalReport<StatePayload> local => FixedBytes + local.State.State.Bytes.Length + local.State.Requests.Bytes.Length
            + local.Sent.Concat(local.Delivered).Sum(count => (long)count.Peer.Value.Length + sizeof(long))
            + (FlightBytes * (local.State.Flight.IsDefault ? 0 : local.State.Flight.Length)),
        ChannelReport<Payload> channel => FixedBytes + channel.Messages.Sum(message => (long)message.Bytes.Length),
        _ => FixedBytes,
    };

    /// <summary>The report that a wire form stands for.</summary>
    /// <exception cref="ArgumentException">The form is of an unknown kind.</exception>
    public static Report FromWire(this ReportSurrogate wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        var snapshot = new SnapshotNumber(wire.Snapshot);
        var epoch = new Epoch(wire.Epoch);
        var process = new ProcessId(wire.Process);
        Report report = wire.Kind switch
        {
            LocalKind => new LocalReport<StatePayload>(
                snapshot,
                epoch,
                process,
                new StatePayload(new(wire.State), new(wire.Requests)) { Flight = wire.Flight is { } flight ? [.. flight.Select(FromWire)] : [] },
                [.. wire.Sent.Select((count, index) => ToCount(wire.Peers[index], count))],
                [.. wire.Delivered.Select((count, index) => ToCount(wire.Peers[wire.Sent.Length + index], count))]),
            ChannelKind => new ChannelReport<Payload>(
                snapshot,
                epoch,
                process,
                new ProcessId(wire.Source),
                new MessageCount(wire.Number),
                [.. wire.Messages.Select(message => new Payload(message))]),
            OverflowKind => new OverflowReport(snapshot, epoch, process, checked((int)wire.Number)),
            _ => throw new ArgumentException($"a report of kind {wire.Kind} is not known", nameof(wire)),
        };
        return wire.HasRested ? report with { HasRested = true } : report;
    }

    /// <summary>Whether a wire form is that of a local report.</summary>
    public static bool IsLocal(this ReportSurrogate wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        return wire.Kind == LocalKind;
    }

    private static FlightEventSurrogate ToWire(FlightEvent happened) => new(
        (byte)happened.Kind,
        happened.Peer == default ? null : happened.Peer.Value,
        happened.Number,
        happened.AtMs);

    private static FlightEvent FromWire(FlightEventSurrogate wire) =>
        new((FlightEventKind)wire.Kind, string.IsNullOrEmpty(wire.Peer) ? default : new(wire.Peer), wire.Number, wire.AtMs);

    private static ChannelCount ToCount(string peer, long count) => new(new ProcessId(peer), new MessageCount(count));
}
