using Microsoft.Extensions.Hosting;

namespace Snapshots.Client;

/// <summary>Leaves signals alone: the program hears them itself, and stops its hosts when it is done.</summary>
internal sealed class PassiveLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
