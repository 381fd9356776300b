using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Snapshots.Simulator;

/// <summary>Runs many seeds on all processors and judges each.</summary>
public static class Campaign
{
    /// <summary>One seed in so many is also run without its snapshots.</summary>
    private const int BareEvery = 8;
    private const int ChunkSize = 64;

    private static readonly ImmutableArray<Sighting> Sightings = [.. Enum.GetValues<Sighting>()];

    /// <summary>Runs the seeds.</summary>
    /// <param name="from">The first seed.</param>
    /// <param name="seeds">How many, from 1 on.</param>
    /// <param name="report">Is told how many are done, from any thread.</param>
    /// <param name="cancellationToken">Ends the campaign early.</param>
    /// <exception cref="OperationCanceledException">The campaign was ended early.</exception>
    public static CampaignResult Run(long from, int seeds, Action<int> report, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        ArgumentNullException.ThrowIfNull(report);
        var pace = new Pace(seeds);
        var hashes = new byte[seeds * sizeof(ulong)];
        var violations = new CampaignViolation?[seeds];
        var seen = new int[Sightings.Length];
        var done = 0;
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, (seeds + ChunkSize - 1) / ChunkSize, options, chunk =>
        {
            var last = Math.Min(seeds, (chunk + 1) * ChunkSize);
            for (var index = chunk * ChunkSize; index < last; index++)
            {
                var seed = unchecked(from + index);
                var verdict = Judge.Run(PlanOf(seed), static () => new Variant(), IsRunBare(seed));
                BinaryPrimitives.WriteUInt64LittleEndian(hashes.AsSpan(index * sizeof(ulong)), verdict.Trace.ToHash());
                if (!verdict.Breaches.IsEmpty) violations[index] = new(seed, verdict.Breaches[0].Invariant, verdict.Breaches[0].Detail);
                foreach (var sighting in Sightings)
                {
                    if (verdict.Sightings.Has(sighting)) Interlocked.Increment(ref seen[(int)sighting]);
                }
            }

            var all = Interlocked.Add(ref done, last - (chunk * ChunkSize));
            pace.Report(all);
            report(all);
        });
        return new(
            seeds,
            [.. violations.OfType<CampaignViolation>()],
            $"sha256:{Convert.ToHexStringLower(SHA256.HashData(hashes))}",
            pace.PerSecond,
            [.. Sightings.Select(sighting => (JsonNamingPolicy.CamelCase.ConvertName(sighting.ToString()), seen[(int)sighting]))]);
    }

    internal static Plan PlanOf(long seed) => PlanGenerator.Create(unchecked((ulong)seed));

    internal static bool IsRunBare(long seed) => unchecked((ulong)seed) % BareEvery == 0;
}
