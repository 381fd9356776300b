using System.Buffers;
using System.Buffers.Binary;

namespace Snapshots.Grains.Tests;

/// <summary>A letter in a form of its own: eight bytes.</summary>
internal sealed class LetterForm : IMessageForm<Letter>
{
    public void Write(Letter message, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), message.Amount);
        output.Advance(sizeof(long));
    }

    public Letter Read(ReadOnlySpan<byte> form) =>
        form.Length == sizeof(long) ? new Letter(BinaryPrimitives.ReadInt64LittleEndian(form)) : throw new FormatException("eight bytes make a letter");
}
