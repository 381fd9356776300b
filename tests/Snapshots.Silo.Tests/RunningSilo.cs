namespace Snapshots.Silo.Tests;

/// <summary>
/// One silo for the tests that only look at it: its data in the default place below a folder of its own.
/// </summary>
public sealed class RunningSilo : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SiloProcess? _process;
    private SiloReady? _ready;

    internal string Folder => _folder.Path;

    internal SiloReady Ready => _ready!;

    public async ValueTask InitializeAsync()
    {
        _process = SiloProcess.StartOnFreePorts(Folder);
        _ready = await _process.Ready();
    }

    public async ValueTask DisposeAsync()
    {
        await _process!.DisposeAsync();
        _folder.Dispose();
    }
}
