using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Snapshots.Benchmarks;

/// <summary>Runs BenchmarkDotNet on the hot paths of the core, in this process.</summary>
internal static class MicroBenchmarks
{
    private static readonly Type[] Classes =
    [
        typeof(ChannelBenchmarks),
        typeof(RecordingBenchmarks),
        typeof(CertificateBenchmarks),
        typeof(SerializerBenchmarks),
    ];

    /// <summary>Returns the exit code: 0 if what matches the filter ran.</summary>
    public static int Run(string filter)
    {
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(
                Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(10))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "snapshots-micro-benchmarks"));
        var summaries = BenchmarkSwitcher.FromTypes(Classes).Run(["--filter", filter], config).ToList();
        return summaries.Count > 0
            && summaries.TrueForAll(
                summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success))
            ? 0
            : 1;
    }
}
