using System.Buffers;

namespace Snapshots.Grains;

/// <summary>
/// The stored form of what an application answers to a request with a key. Optional, a singleton service of the silo:
/// without it Orleans's serializer writes the answers. A process stores an outcome for each key that it remembers, so
/// a short form saves much. What it writes is stored, so it never changes. Safe for concurrent use.
/// </summary>
/// <typeparam name="TResult">What the application answers.</typeparam>
public interface IOutcomeForm<TResult>
{
    /// <summary>Writes a result, in at most <c>RequestLimits.MaxOutcomeBytes</c> bytes.</summary>
    void Write(TResult result, IBufferWriter<byte> output);

    /// <summary>Reads what was written, all of it.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    TResult Read(ReadOnlySpan<byte> form);
}
