using System.Buffers;
using System.Buffers.Binary;

namespace Snapshots.Grains.Tests;

/// <summary>
/// Writes the figures and the letters that came since; names its base, so that a wrong one is noticed.
/// </summary>
internal sealed class LetterStateDifference : IStateDifference<LetterState>
{
    private const int HeaderNumbers = 4;

    public void Write(LetterState @base, LetterState current, IBufferWriter<byte> output)
    {
        var shared = current.Taken.AsSpan().CommonPrefixLength(@base.Taken.AsSpan());
        long[] numbers = [Fingerprint(@base), current.Deposited, current.Balance, shared, .. current.Taken[shared..]];
        var bytes = output.GetSpan(numbers.Length * sizeof(long));
        for (var index = 0; index < numbers.Length; index++) BinaryPrimitives.WriteInt64LittleEndian(bytes[(index * sizeof(long))..], numbers[index]);
        output.Advance(numbers.Length * sizeof(long));
    }

    public LetterState Read(LetterState @base, ReadOnlySpan<byte> difference)
    {
        var numbers = new long[difference.Length / sizeof(long)];
        for (var index = 0; index < numbers.Length; index++) numbers[index] = BinaryPrimitives.ReadInt64LittleEndian(difference[(index * sizeof(long))..]);
        if (numbers.Length < HeaderNumbers || numbers[0] != Fingerprint(@base)) throw new FormatException("not of this base");
        return new LetterState(numbers[1], numbers[2], [.. @base.Taken[..(int)numbers[3]], .. numbers[HeaderNumbers..]]);
    }

    private static long Fingerprint(LetterState state) => unchecked((state.Deposited * 31) + (state.Balance * 17) + state.Taken.Length);
}
