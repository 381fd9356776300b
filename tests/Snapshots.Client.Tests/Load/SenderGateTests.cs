namespace Snapshots.Client.Tests;

public sealed class SenderGateTests
{
    [Fact]
    public async Task A_gate_is_open_until_something_is_unknown_and_again_when_all_is_settled()
    {
        var token = TestContext.Current.CancellationToken;
        var gate = new SenderGate();
        Assert.True(gate.WaitAsync(token).AsTask().IsCompletedSuccessfully);
        gate.Close();
        gate.Close();
        var waiting = gate.WaitAsync(token).AsTask();
        gate.Open();
        Assert.False(waiting.IsCompleted);
        gate.Open();
        await waiting;
        Assert.True(gate.WaitAsync(token).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Waiting_can_be_given_up()
    {
        using var source = new CancellationTokenSource();
        var gate = new SenderGate();
        gate.Close();
        var waiting = gate.WaitAsync(source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
