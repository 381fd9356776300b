using System.Globalization;
using Snapshots.Client;

namespace Snapshots.Benchmarks;

/// <summary>Empty calls to as many grains as there are accounts, chosen as the payers of transfers are.</summary>
internal sealed class EmptyCalls(BenchmarkSilo silo, int count)
{
    private const int Seed = 1985;
    private readonly TransferPlan _plan = new(Seed, count, partners: 1);

    private readonly IEmptyGrain[] _grains =
        [.. Enumerable.Range(0, count)
            .Select(index => silo.Grains
                .GetGrain<IEmptyGrain>(string.Create(CultureInfo.InvariantCulture, $"e{index}")))];

    /// <summary>The n-th, as a call of a load.</summary>
    public async Task<bool> CallAsync(long number)
    {
        await _grains[_plan[number].From].CallAsync();
        return true;
    }
}
