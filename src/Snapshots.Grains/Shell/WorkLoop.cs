namespace Snapshots.Grains;

/// <summary>
/// Does the work that a state machine of the core hands out, one piece after the other, on the scheduler of its grain:
/// takes a piece, does its I/O, tells the machine how it ended, and goes on until the machine has nothing to do.
/// </summary>
/// <typeparam name="TWork">What the machine hands out.</typeparam>
/// <param name="take">Takes the next piece of work; none when there is none for now.</param>
/// <param name="perform">
/// Does a piece and tells the machine that it is completed or has failed. It does not throw.
/// </param>
/// <param name="gather">
/// What is awaited before each piece is taken, so that more joins it; it does not fail. None for no wait.
/// </param>
internal sealed class WorkLoop<TWork>(Func<TWork?> take, Func<TWork, Task> perform, Func<Task>? gather = null)
    where TWork : class
{
    private Task _run = Task.CompletedTask;
    private bool _running;

    /// <summary>Completes when the machine has nothing to do.</summary>
    public Task Idle => _run;

    /// <summary>
    /// Sees to it that the work there is gets done. Called after each input of the machine; returns at once.
    /// </summary>
    public void Poke()
    {
        if (_running) return;
        _running = true;
        _run = RunAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                if (gather is not null) await gather();
                if (take() is not { } work) return;
                await perform(work);
            }
        }
        finally
        {
            _running = false;
        }
    }
}
