namespace Snapshots.Silo.Hosting;

/// <summary>Leaves signals to <see cref="StopSignals"/>, which hears them before there is a host.</summary>
internal sealed class PassiveLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
