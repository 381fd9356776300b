using System.Buffers;
using System.Text.Json;
using Snapshots.Detection;
using Snapshots.Protocol;

namespace Snapshots.Bank.Tests;

public sealed class BankChecksTests
{
    private static readonly ProcessId Alice = new("alice");
    private static readonly ProcessId Bob = new("bob");

    [Fact]
    public void Money_in_transit_counts()
    {
        var result = CheckResult.Of(new ConservationCheck(), State(balance: 70, amount: 30));
        Assert.Equal((true, false), (result.Holds, result.Finding));
        Assert.Empty(result.Witness);
    }

    [Fact]
    public void Money_that_is_gone_is_a_finding_with_the_equation()
    {
        var result = CheckResult.Of(new ConservationCheck(), State(balance: 60, amount: 30));
        Assert.Equal((false, true), (result.Holds, result.Finding));
        Assert.Equal(["60 in accounts + 30 in transit ≠ 100 deposited − 0 withdrawn"], result.Witness);
    }

    [Fact]
    public void A_bank_with_a_message_in_transit_is_not_quiet_and_that_is_no_finding()
    {
        var result = CheckResult.Of(new QuietCheck(), State(balance: 70, amount: 30));
        Assert.Equal((false, false), (result.Holds, result.Finding));
        Assert.Equal(["alice->bob"], result.Witness);
    }

    [Fact]
    public void What_the_format_writes_it_reads()
    {
        var state = new AccountState(open: true, 70, 100, 30);
        Assert.Equal(state, AccountFormat.ReadState(Written(writer => AccountFormat.Instance.WriteState(writer, state))));
        foreach (BankMessage message in new BankMessage[]
            { new TransferMessage(new("t-9"), new(30)), new ReturnMessage(new("t-9"), new(30)) })
        {
            var written = Written(writer =>
            {
                writer.WriteStartObject();
                AccountFormat.Instance.WriteMessage(writer, message);
                writer.WriteEndObject();
            });
            Assert.Equal(message, AccountFormat.ReadMessage(written));
        }
    }

    private static GlobalState<AccountState, BankMessage> State(long balance, long amount) => new(
        [new(Alice, new AccountState(open: true, balance, 100, 0)), new(Bob, AccountState.Empty)],
        [
            new(new(Alice, Bob), new(3), new(2), [new(new(3), new TransferMessage(new("t-9"), new(amount)))]),
            new(new(Bob, Alice), default, default, []),
        ]);

    private static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}
