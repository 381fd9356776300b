using System.Buffers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Snapshots.Grains;
using Snapshots.Protocol;
using static Snapshots.Bank.Tests.Given;

namespace Snapshots.Bank.Tests;

/// <summary>The bytes on the wire and in storage. They are frozen: a change here breaks every stored account.</summary>
public sealed class StoredFormTests
{
    private static readonly ServiceProvider Services = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(AccountState).Assembly))
        .BuildServiceProvider();

    private static readonly AccountState State = new(open: true, 70, 100, 30);

    [Fact]
    public void A_transfer_has_its_golden_bytes() => AssertGolden<BankMessage>(
        new TransferMessage(Key("t-9"), Amount(30)),
        "3001a6084dd42f736e617073686f74732e62616e6b2e7472616e73666572e8204007742d39c1010101e0210079e0e8e8e0");

    [Fact]
    public void A_return_has_its_golden_bytes() => AssertGolden<BankMessage>(
        new ReturnMessage(Key("t-9"), Amount(BankLimits.MaxAmount)),
        "3001e39d4fc72b736e617073686f74732e62616e6b2e72657475726ee8204007742d39c1010101e02180ffffffffffff" +
        "1f00e0e8e8e0");

    [Fact]
    public void An_empty_account_has_its_golden_bytes() => AssertGolden(
        AccountState.Empty,
        "20e80001010101010101c101e0");

    [Fact]
    public void An_account_has_its_golden_bytes() => AssertGolden(
        State,
        "20e800030132020122030179c101e0");

    [Fact]
    public void An_account_remembers_what_came_back_and_one_stored_before_it_did_is_read()
    {
        var state = BankApplication.Instance.Deliver(
            Alice, State, Bob, new ReturnMessage(Key("t-9"), Amount(1))).State;
        AssertGolden(state, "20e80003013a020122030179210003214007742d39c1010101e0e0e0");
        var earlier = Convert.FromHexString("20e800030132020122030179e0");
        Assert.Equal(State, Services.GetRequiredService<Serializer>().Deserialize<AccountState>(earlier));
    }

    [Fact]
    public void An_account_as_an_object_is_named_by_its_alias() => AssertGolden<object>(
        AccountState.Empty,
        "3001d95f407839736e617073686f74732e62616e6b2e6163636f756e742d7374617465e80001010101010101c101e0");

    [Fact]
    public void An_answer_has_its_golden_bytes() => AssertGolden(
        new AccountAnswer(Outcome.Refused(RefusalReason.NotOpen), KeyStanding.Duplicate, Key("k")),
        "20e800090903052140036bc1010101e0412f746865206163636f756e74206973206e6f74206f70656e210001e0e0");

    [Fact]
    public void An_answer_without_key_has_its_golden_bytes() => AssertGolden(
        new AccountAnswer(Outcome.Accepted, KeyStanding.New, key: null),
        "20e80001090301c1014101210001e0e0");

    [Fact]
    public void A_view_has_its_golden_bytes() => AssertGolden(
        new AccountView(Alice, State),
        "20400b616c69636501320201220301790103210001e0e0");

    [Fact]
    public void Keys_and_amounts_have_their_golden_bytes()
    {
        AssertGolden(Key("k"), "2040036bc1010101e0");
        AssertGolden(Timed(2, 3), "20c0010120014ff609ce0107e0");
        AssertGolden(default(RequestKey), "20c001c1010101e0");
        AssertGolden(Amount(1), "200005e0");
        AssertGolden(RefusalReason.Overflow, "0011");
    }

    [Fact]
    public void Keys_are_read_as_they_were_first_stored()
    {
        var serializer = Services.GetRequiredService<Serializer>();
        Assert.Equal(Key("k"), serializer.Deserialize<RequestKey>(Convert.FromHexString("2040036be0")));
        Assert.Equal(default, serializer.Deserialize<RequestKey>(Convert.FromHexString("20c001e0")));
        var timed = "t-00000000002a-0000000000000003";
        var stored = "20403f" + Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(timed)) + "e0";
        Assert.Equal(
            RequestKeys.Create(DateTimeOffset.FromUnixTimeMilliseconds(42), 3),
            serializer.Deserialize<RequestKey>(Convert.FromHexString(stored)));
    }

    [Fact]
    public void What_is_immutable_is_not_copied()
    {
        var copier = Services.GetRequiredService<DeepCopier>();
        Assert.Same(State, copier.Copy(State));
        var view = new AccountView(Alice, State);
        Assert.Same(view, copier.Copy(view));
    }

    [Fact]
    public void Outcomes_have_their_golden_bytes()
    {
        var form = new OutcomeForm();
        (Outcome Outcome, byte Byte)[] outcomes =
        [
            (Outcome.Accepted, 0),
            (Outcome.Refused(RefusalReason.InsufficientFunds), 1),
            (Outcome.Refused(RefusalReason.NotOpen), 2),
            (Outcome.Refused(RefusalReason.Overflow), 4),
            (Outcome.Refused(RefusalReason.TooManyUnopened), 5),
        ];
        foreach (var (outcome, number) in outcomes)
        {
            var output = new ArrayBufferWriter<byte>();
            form.Write(outcome, output);
            Assert.Equal([number], output.WrittenSpan);
            Assert.Equal(outcome, form.Read([number]));
        }

        Assert.Throws<FormatException>(() => form.Read([]));
        Assert.Throws<FormatException>(() => form.Read([6]));
        Assert.Throws<FormatException>(() => form.Read([0, 0]));
        Assert.Throws<FormatException>(() => form.Read([1, (byte)'b']));
    }

    [Fact]
    public void An_accepted_transfer_is_remembered_with_its_target()
    {
        var (form, output) = (new OutcomeForm(), new ArrayBufferWriter<byte>());
        form.Write(Outcome.Sent(Bob), output);
        byte[] expected = [0, .. "bob"u8];
        Assert.Equal(expected, output.WrittenSpan);
        Assert.Equal(Outcome.Sent(Bob), form.Read(output.WrittenSpan));
        Assert.NotEqual(Outcome.Accepted, Outcome.Sent(Bob));
    }

    private static void AssertGolden<T>(T value, string hex)
    {
        var serializer = Services.GetRequiredService<Serializer>();
        Assert.Equal(hex, Convert.ToHexStringLower(serializer.SerializeToArray(value)));
        Assert.Equal(value, serializer.Deserialize<T>(Convert.FromHexString(hex)));
    }
}
