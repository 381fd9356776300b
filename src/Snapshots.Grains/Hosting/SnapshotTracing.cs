using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The spans of snapshots and restores, of the source <c>Snapshots</c>. The trace of a snapshot has an identity that
/// follows from its application and its number. So the spans of all silos are in one trace, also those after a crash,
/// and no message carries it.
/// </summary>
internal static class SnapshotTracing
{
    private static readonly ActivitySource Source = new(SnapshotInstruments.MeterName);

    /// <summary>Whether spans are collected.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>Begins a span of a snapshot, which its disposal ends; null if spans are not collected.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="application">The application.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="from">When it began, if not now.</param>
    /// <param name="to">When it ended, if not at the disposal.</param>
    public static Activity? Start(
        string name, string application, SnapshotNumber snapshot, DateTimeOffset from = default, DateTimeOffset? to = null)
    {
        if (!IsOn) return null;
        var context = Context(application, "snapshot", snapshot.Value);
        var span = Source.StartActivity(name, ActivityKind.Internal, context, startTime: from)
            ?.SetTag("snapshots.application", application).SetTag("snapshots.number", snapshot.Value);
        if (to is { } end) span?.SetEndTime(end.UtcDateTime);
        return span;
    }

    /// <summary>Adds the span of the phase that a restore has left.</summary>
    public static void Add(
        RestoreStatus phase, string application, RestoreSummary restore, DateTimeOffset from, DateTimeOffset to)
    {
        if (!IsOn) return;
        var name = $"restore {phase.ToString().ToLowerInvariant()}";
        var context = Context(application, "restore", restore.Number.Value);
        using var span = Source.StartActivity(name, ActivityKind.Internal, context, startTime: from);
        span?.SetTag("snapshots.application", application).SetTag("snapshots.restore", restore.Number.Value)
            .SetTag("snapshots.source", restore.Source.Value).SetEndTime(to.UtcDateTime);
    }

    private static ActivityContext Context(string application, string kind, long number)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{application}/{kind}/{number}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan();
        return new(
            ActivityTraceId.CreateFromBytes(hash[..16]),
            ActivitySpanId.CreateFromBytes(hash[16..24]),
            ActivityTraceFlags.Recorded,
            isRemote: true);
    }
}
