namespace Snapshots.Grains.Tests;

/// <summary>Waits in a <see cref="TestStorage"/> for one write, and holds it or makes it fail.</summary>
internal sealed class StorageRule(string name, Func<GrainId, bool> of, int skip, FaultKind? fault)
{
    private readonly TaskCompletionSource _hit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = skip;

    public FaultKind? Fault => fault;

    /// <summary>Completes when the write has come.</summary>
    public Task Hit => _hit.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Lets a held write go on; if there is a fault, it fails now.</summary>
    public void Release() => _released.TrySetResult();

    public bool TryTake(string row, GrainId grain) => row == name && of(grain) && _left-- == 0;

    public Task HoldAsync(bool held)
    {
        _hit.TrySetResult();
        return held ? _released.Task : Task.CompletedTask;
    }
}
