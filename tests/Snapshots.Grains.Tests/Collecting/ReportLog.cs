using System.Collections.Concurrent;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>Sees every report that comes to a collection in its silo, and may keep it from there.</summary>
internal sealed class ReportLog : IIncomingGrainCallFilter
{
    private readonly ConcurrentQueue<ReportSurrogate> _reports = new();

    /// <summary>
    /// Which reports are refused, with all that come with them: no receipt is given, and nothing is collected.
    /// </summary>
    public Func<ReportSurrogate, bool> Refuses { get; set; } = _ => false;

    /// <summary>How often a process has reported that.</summary>
    public int Count(string process, ReportKind kind) => _reports.Count(report => report.Process == process && report.Kind == (int)kind);

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not ISnapshotPart || context.MethodName != nameof(ISnapshotPart.AcceptAsync)) return context.Invoke();
        var reports = (ReportSurrogate[])context.Request.GetArgument(0)!;
        foreach (var report in reports) _reports.Enqueue(report);
        return reports.Any(Refuses) ? throw new InvalidOperationException("no reports now") : context.Invoke();
    }
}
