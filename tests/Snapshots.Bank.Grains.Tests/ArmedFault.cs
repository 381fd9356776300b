using Orleans.Storage;

namespace Snapshots.Bank.Grains.Tests;

/// <summary>Goes off in one write.</summary>
internal sealed class ArmedFault(WriteFault fault, int skip)
{
    private readonly TaskCompletionSource _hit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = skip;
    private bool _after;

    /// <summary>Completes when the write has come.</summary>
    public Task Hit => _hit.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Lets a slow write go on.</summary>
    public void Release() => _released.TrySetResult();

    public Task BeforeAsync()
    {
        if (_left-- != 0) return Task.CompletedTask;
        _after = fault == WriteFault.After;
        _hit.TrySetResult();
        return fault switch
        {
            WriteFault.Before => throw new IOException("the storage is out of order"),
            WriteFault.Conflict => throw new InconsistentStateException("somebody else has written"),
            WriteFault.Slow => _released.Task,
            _ => Task.CompletedTask,
        };
    }

    public Task AfterAsync()
    {
        if (!_after) return Task.CompletedTask;
        _after = false;
        throw new IOException("the storage took it and says nothing");
    }
}
