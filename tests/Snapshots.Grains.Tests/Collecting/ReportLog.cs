using System.Collections.Concurrent;

namespace Snapshots.Grains.Tests;

/// <summary>Sees every report that comes to a collector of its silo, and may keep it from the collector.</summary>
internal sealed class ReportLog : IIncomingGrainCallFilter
{
    private readonly ConcurrentQueue<ReportSurrogate> _reports = new();

    /// <summary>Whether reports are refused: no receipt is given, and nothing is collected.</summary>
    public bool Refuses { get; set; }

    /// <summary>How often a process has reported that.</summary>
    public int Count(string process, ReportKind kind) => _reports.Count(report => report.Process == process && report.Kind == (int)kind);

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not ISnapshotCollector || context.MethodName != nameof(ISnapshotCollector.AcceptAsync)) return context.Invoke();
        foreach (var report in (ReportSurrogate[])context.Request.GetArgument(0)!) _reports.Enqueue(report);
        return Refuses ? throw new InvalidOperationException("no reports now") : context.Invoke();
    }
}
