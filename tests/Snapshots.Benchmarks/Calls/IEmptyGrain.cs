namespace Snapshots.Benchmarks;

/// <summary>What a call costs that does nothing.</summary>
[Alias("snapshots.benchmarks.empty")]
internal interface IEmptyGrain : IGrainWithStringKey
{
    [Alias("call")]
    Task CallAsync();
}
