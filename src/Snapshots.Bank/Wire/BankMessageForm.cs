using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>The compact form of a message of the bank. Register it as a service of the silo.</summary>
/// <remarks>
/// All numbers lowest byte first:
/// <code>
/// 1 byte      1 a transfer, 2 a return; with 128 added when the key is hand-made
/// 8 bytes     amount
/// 16 bytes    of a timed key: milliseconds since 1970, random bits
/// the rest    of a hand-made key: its text, ASCII
/// </code>
/// </remarks>
public sealed class BankMessageForm : IMessageForm<BankMessage>
{
    private const byte Transfer = 1;
    private const byte Return = 2;
    private const byte HandMade = 128;
    private const int AmountBytes = sizeof(long);
    private const int TimedBytes = sizeof(long) + sizeof(ulong);
    private const int KeyStart = 1 + AmountBytes;

    /// <inheritdoc/>
    public void Write(BankMessage message, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        var kind = message is ReturnMessage ? Return : Transfer;
        if (message.TransferId.TryGetParts(out var timeMs, out var random))
        {
            var form = Begin(output, kind, message.Amount, TimedBytes);
            BinaryPrimitives.WriteInt64LittleEndian(form[KeyStart..], timeMs);
            BinaryPrimitives.WriteUInt64LittleEndian(form[(KeyStart + sizeof(long))..], random);
            output.Advance(KeyStart + TimedBytes);
        }
        else
        {
            var text = message.TransferId.Value;
            var form = Begin(output, (byte)(kind | HandMade), message.Amount, text.Length);
            output.Advance(KeyStart + Encoding.ASCII.GetBytes(text, form[KeyStart..]));
        }
    }

    /// <inheritdoc/>
    public BankMessage Read(ReadOnlySpan<byte> form)
    {
        if (form.Length <= KeyStart)
            throw new FormatException($"a message has more than {KeyStart} bytes, not {form.Length}");
        var amount = BinaryPrimitives.ReadInt64LittleEndian(form[1..]);
        try
        {
            var key = (form[0] & HandMade) != 0
                ? new RequestKey(Encoding.ASCII.GetString(form[KeyStart..]))
                : TimedKey(form[KeyStart..]);
            return (form[0] & ~HandMade) switch
            {
                Transfer => new TransferMessage(key, new Amount(amount)),
                Return => new ReturnMessage(key, new Amount(amount)),
                var kind => throw new FormatException($"the kind {kind} of a message is unknown"),
            };
        }
        catch (ArgumentException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    private static Span<byte> Begin(IBufferWriter<byte> output, byte kind, Amount amount, int keyBytes)
    {
        var form = output.GetSpan(KeyStart + keyBytes);
        form[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(form[1..], amount.Value);
        return form;
    }

    private static RequestKey TimedKey(ReadOnlySpan<byte> form) => form.Length == TimedBytes
        ? RequestKey.Create(
            BinaryPrimitives.ReadInt64LittleEndian(form), BinaryPrimitives.ReadUInt64LittleEndian(form[sizeof(long)..]))
        : throw new FormatException($"a timed key has {TimedBytes} bytes, not {form.Length}");
}
