namespace Snapshots.Protocol.Tests;

public sealed class GateTests
{
    /// <summary>Each is later than all before it: epoch first, then restore, then closed before open.</summary>
    [Fact]
    public void Gates_are_ordered_by_epoch_then_restore_then_from_closed_to_open()
    {
        Gate[] gates =
        [
            default, Gate.Of(Epoch.First), New(1, 1, false), New(1, 1, true), New(1, 2, false), New(2, 1, false), New(2, 2, true), New(2, 3, false),
        ];
        for (var left = 0; left < gates.Length; left++)
        {
            for (var right = 0; right < gates.Length; right++)
            {
                Assert.Equal(left < right, gates[left] < gates[right]);
                Assert.Equal(left <= right, gates[left] <= gates[right]);
                Assert.Equal(left > right, gates[left] > gates[right]);
                Assert.Equal(left >= right, gates[left] >= gates[right]);
            }
        }
    }

    [Fact]
    public void A_gate_says_where_it_stands() => Assert.Equal("epoch 2 restore 3 closed", New(2, 3, false).ToString());

    internal static Gate New(long epoch, long restore, bool isOpen) => new(new(epoch), new(restore), isOpen);
}
