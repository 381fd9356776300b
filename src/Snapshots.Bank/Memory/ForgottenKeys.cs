using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Snapshots.Bank;

/// <summary>The 64-bit fingerprints of hand-made keys whose outcomes are forgotten, oldest first. Immutable.</summary>
/// <remarks>
/// Blocks of eight-byte numbers, lowest byte first; all but the last are full. A search at the bound compares 65,536 of
/// them, several at a time: some microseconds, and only for hand-made keys.
/// </remarks>
internal sealed class ForgottenKeys
{
    private const int BlockBytes = BankLimits.ForgottenKeysPerBlock * sizeof(ulong);

    private readonly ImmutableArray<byte[]> _blocks;

    private ForgottenKeys(ImmutableArray<byte[]> blocks)
    {
        _blocks = blocks;
        Count = blocks.Sum(block => block.Length) / sizeof(ulong);
    }

    public static ForgottenKeys None { get; } = new([]);

    public int Count { get; }

    /// <summary>The stored form, for a serializer that only reads it.</summary>
    public byte[][] Stored => [.. _blocks];

    /// <summary>Reads stored blocks; the arrays must not be changed afterwards.</summary>
    /// <exception cref="FormatException">
    /// A block is empty, too long, or not whole, or one but the last is not full.
    /// </exception>
    public static ForgottenKeys Read(byte[][] blocks)
    {
        for (var index = 0; index < blocks.Length; index++)
        {
            var length = blocks[index].Length;
            var isFitting = length % sizeof(ulong) == 0 && length is > 0 and <= BlockBytes;
            if (!isFitting || (index < blocks.Length - 1 && length != BlockBytes))
            {
                throw new FormatException($"block {index} of the forgotten keys has {length} bytes");
            }
        }

        return blocks.Length == 0 ? None : new([.. blocks]);
    }

    /// <summary>How many blocks, from the first, are the same objects as in another.</summary>
    public int SharedBlocks(ForgottenKeys other)
    {
        var shared = 0;
        while (shared < Math.Min(_blocks.Length, other._blocks.Length) && ReferenceEquals(_blocks[shared], other._blocks[shared])) shared++;
        return shared;
    }

    public bool Contains(ulong fingerprint)
    {
        var wanted = BitConverter.IsLittleEndian ? fingerprint : BinaryPrimitives.ReverseEndianness(fingerprint);
        foreach (var block in _blocks)
        {
            if (MemoryMarshal.Cast<byte, ulong>(block).Contains(wanted)) return true;
        }

        return false;
    }

    public ForgottenKeys Add(IReadOnlyList<ulong> fingerprints)
    {
        if (fingerprints.Count == 0) return this;
        var blocks = _blocks.ToBuilder();
        for (var next = 0; next < fingerprints.Count;)
        {
            var last = blocks.Count > 0 && blocks[^1].Length < BlockBytes ? blocks[^1] : null;
            if (last is not null) blocks.RemoveAt(blocks.Count - 1);
            var start = last?.Length ?? 0;
            var taken = Math.Min(fingerprints.Count - next, (BlockBytes - start) / sizeof(ulong));
            var block = new byte[start + (taken * sizeof(ulong))];
            last?.CopyTo(block, 0);
            for (var index = 0; index < taken; index++)
            {
                var place = block.AsSpan(start + (index * sizeof(ulong)));
                BinaryPrimitives.WriteUInt64LittleEndian(place, fingerprints[next + index]);
            }

            blocks.Add(block);
            next += taken;
        }

        return new(blocks.ToImmutable());
    }

    public IEnumerable<ulong> Fingerprints()
    {
        foreach (var block in _blocks)
        {
            for (var place = 0; place < block.Length; place += sizeof(ulong))
            {
                yield return BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan(place));
            }
        }
    }
}
