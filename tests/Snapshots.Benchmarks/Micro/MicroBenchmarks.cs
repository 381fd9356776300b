namespace Snapshots.Benchmarks;

internal static class MicroBenchmarks
{
    public static int Run(string filter) => filter.Length;
}
