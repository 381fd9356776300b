namespace Snapshots.Grains.Tests;

public sealed class WorkLoopTests
{
    private readonly Queue<string> _work = new(["first", "second"]);
    private readonly List<string> _done = [];
    private readonly Queue<TaskCompletionSource> _underWay = [];

    [Fact]
    public async Task Work_is_done_one_piece_after_the_other_until_there_is_none()
    {
        var loop = new WorkLoop<string>(Take, PerformAsync);
        loop.Poke();
        loop.Poke(); // It runs already.
        Assert.Equal(["first"], _done);
        _underWay.Dequeue().SetResult();
        Assert.Equal(["first", "second"], _done);
        Assert.False(loop.Idle.IsCompleted);
        _underWay.Dequeue().SetResult();
        await loop.Idle;
        _work.Enqueue("third");
        loop.Poke();
        Assert.Equal(["first", "second", "third"], _done);
    }

    [Fact]
    public async Task What_comes_while_a_piece_gathers_is_taken_with_it()
    {
        var gathered = new TaskCompletionSource();
        _work.Clear();
        var loop = new WorkLoop<string>(Take, PerformAsync, () => gathered.Task);
        loop.Poke();
        _work.Enqueue("late");
        gathered.SetResult();
        Assert.Equal(["late"], _done);
        _underWay.Dequeue().SetResult();
        await loop.Idle;
    }

    private string? Take() => _work.TryDequeue(out var next) ? next : null;

    private Task PerformAsync(string work)
    {
        _done.Add(work);
        var underWay = new TaskCompletionSource();
        _underWay.Enqueue(underWay);
        return underWay.Task;
    }
}
