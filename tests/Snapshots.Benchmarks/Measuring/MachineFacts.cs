using System.Diagnostics;
using System.Runtime;
using System.Runtime.InteropServices;

namespace Snapshots.Benchmarks;

/// <summary>What the results depend on besides the code.</summary>
internal sealed record MachineFacts(
    int Cores,
    string Processor,
    long MemoryBytes,
    string OperatingSystem,
    string Runtime,
    bool ServerGarbageCollection,
    string LoadAverage,
    double DiskSyncMs,
    string Commit,
    DateTimeOffset Date)
{
    private const int Syncs = 50;
    private static readonly TimeSpan GitPatience = TimeSpan.FromSeconds(5);

    public static MachineFacts Gather() => new(
        Environment.ProcessorCount,
        ProcessorName(),
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        GCSettings.IsServerGC,
        FirstLine("/proc/loadavg"),
        MeasureSyncMs(),
        Git("rev-parse --short HEAD")
            + (Git("status --porcelain --untracked-files=no").Length > 0 ? " and changes" : string.Empty),
        DateTimeOffset.UtcNow);

    private static string ProcessorName()
    {
        const string Key = "model name";
        return File.Exists("/proc/cpuinfo")
            && File.ReadLines("/proc/cpuinfo").FirstOrDefault(
                line => line.StartsWith(Key, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string FirstLine(string path) =>
        File.Exists(path) ? File.ReadLines(path).FirstOrDefault(string.Empty) : string.Empty;

    /// <summary>
    /// The median time that 4 KiB need to the disk, where the silos of the benchmarks keep their data.
    /// </summary>
    private static double MeasureSyncMs()
    {
        var path = Path.GetTempFileName();
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            var page = new byte[4096];
            var samples = new double[Syncs];
            for (var index = 0; index < Syncs; index++)
            {
                var startedAt = Stopwatch.GetTimestamp();
                file.Write(page);
                file.Flush(flushToDisk: true);
                samples[index] = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
            }

            return Statistics.Median(samples);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>What git says, or nothing where there is no git.</summary>
    private static string Git(string arguments)
    {
        try
        {
            using var git = Process.Start(
                new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (git is null) return string.Empty;
            var text = git.StandardOutput.ReadToEnd();
            return git.WaitForExit(GitPatience) && git.ExitCode == 0 ? text.Trim() : string.Empty;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return string.Empty;
        }
    }
}
