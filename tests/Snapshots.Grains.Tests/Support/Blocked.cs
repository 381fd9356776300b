namespace Snapshots.Grains.Tests;

/// <summary>A process one of whose writes is held until this is disposed.</summary>
internal sealed class Blocked(StorageRule rule, Task step) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        rule.Release();
        await step;
    }
}
