using Orleans.Concurrency;

namespace Snapshots.Benchmarks;

/// <summary>Does nothing; reentrant, as accounts are.</summary>
[Reentrant]
internal sealed class EmptyGrain : Grain, IEmptyGrain
{
    public Task CallAsync() => Task.CompletedTask;
}
