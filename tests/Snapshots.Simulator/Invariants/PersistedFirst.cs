using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>persistedFirst</c>: no frame, acknowledgement or report shows a step of its process that is not yet written. Told
/// from the order of each process alone.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class PersistedFirst<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "persistedFirst";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var written = new Dictionary<ProcessId, Written>();
        foreach (var each in trace.Events)
        {
            if (each is RecordPersisted<TState, TMessage> { Record: var record })
            {
                if (!written.TryGetValue(record.Id, out var state)) written.Add(record.Id, state = new());
                state.Record = record;
                foreach (var recording in record.Recordings) state.Snapshots.Add(recording.Snapshot);
            }
            else if (FindShown(each, written.GetValueOrDefault(each.Process)) is { } shown)
            {
                return $"{each.Process} {shown} before that was written";
            }
        }

        return null;
    }

    private static string? FindShown(TraceEvent<TState, TMessage> each, Written? written) => each switch
    {
        FrameSent<TState, TMessage> { Frame: var frame } when !IsWritten(written, frame) => $"sent frame {frame.Last} to {frame.Channel.Target}",
        AcknowledgementSent<TState, TMessage> { Acknowledgement: var word } when !IsWritten(written, word) =>
            $"acknowledged frame {word.UpTo} of {word.Channel.Source}",
        ReportSent<TState, TMessage> { Report: var report } when !IsWritten(written, report) => $"reported snapshot {report.Snapshot}",
        _ => null,
    };

    /// <summary>A recording that ended before the write left only the word that it has ended.</summary>
    private static bool IsWritten(Written? written, Report report) =>
        written is not null && (written.Snapshots.Contains(report.Snapshot) || written.Record?.Known.HasEnded(report.Snapshot) == true);

    private static bool IsWritten(Written? written, Frame<TMessage> frame)
    {
        if (written?.Record is not { } record) return false;
        foreach (var channel in record.Outgoing)
        {
            if (channel.Target == frame.Channel.Target) return frame.Last <= channel.Last;
        }

        return false;
    }

    private static bool IsWritten(Written? written, Acknowledgement acknowledgement)
    {
        if (acknowledgement.UpTo == default) return true;
        var incoming = written?.Record?.Incoming ?? ImmutableArray<IncomingChannelRecord>.Empty;
        foreach (var channel in incoming)
        {
            if (channel.Source == acknowledgement.Channel.Source) return acknowledgement.UpTo <= channel.Delivered;
        }

        return false;
    }

    private sealed class Written
    {
        public ProcessRecord<TState, TMessage>? Record { get; set; }

        public HashSet<SnapshotNumber> Snapshots { get; } = [];
    }
}
