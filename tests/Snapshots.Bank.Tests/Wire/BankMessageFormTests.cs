using System.Buffers;
using Snapshots.Grains;
using static Snapshots.Bank.Tests.Given;

namespace Snapshots.Bank.Tests;

public sealed class BankMessageFormTests
{
    private static readonly BankMessageForm Form = new();

    [Fact]
    public void Messages_have_their_golden_bytes()
    {
        AssertGolden(
            new TransferMessage(
                RequestKeys.Create(DateTimeOffset.FromUnixTimeMilliseconds(0x0102030405), 0x1112131415161718),
                Amount(30)),
            "011e0000000000000005040302010000001817161514131211");
        AssertGolden(
            new ReturnMessage(RequestKeys.Create(DateTimeOffset.UnixEpoch, 0), Amount(BankLimits.MaxAmount)),
            "02ffffffffffff1f0000000000000000000000000000000000");
        AssertGolden(new TransferMessage(Key("t-9"), Amount(30)), "811e00000000000000742d39");
        AssertGolden(new ReturnMessage(Key("k"), Amount(1)), "8201000000000000006b");
    }

    [Fact]
    public void The_longest_key_comes_back()
    {
        var message = new TransferMessage(Key(new string('k', 64)), Amount(1));
        Assert.Equal(message, Form.Read(Write(message)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("011e00000000000000")]
    [InlineData("011e0000000000000005040302010000")]
    [InlineData("011e000000000000000504030201000000181716151413121100")]
    [InlineData("031e0000000000000005040302010000001817161514131211")]
    [InlineData("01000000000000000005040302010000001817161514131211")]
    [InlineData("011e00000000000000ffffffffffffffff1817161514131211")]
    [InlineData("811e0000000000000020")]
    public void What_no_message_looks_like_is_damage(string hex) =>
        Assert.Throws<FormatException>(() => Form.Read(Convert.FromHexString(hex)));

    private static byte[] Write(BankMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        Form.Write(message, output);
        return output.WrittenSpan.ToArray();
    }

    private static void AssertGolden(BankMessage message, string hex)
    {
        Assert.Equal(hex, Convert.ToHexStringLower(Write(message)));
        Assert.Equal(message, Form.Read(Convert.FromHexString(hex)));
    }
}
