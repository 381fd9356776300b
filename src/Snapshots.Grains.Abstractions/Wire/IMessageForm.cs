using System.Buffers;

namespace Snapshots.Grains;

/// <summary>
/// How an application's messages are written into frames and stored outboxes, which happens several times for each: a
/// flat form costs a tenth of the general serializer. Optional: registered as a singleton service of the silo, it is
/// used; without it messages are written by Orleans's serializer, and what was written so stays readable. What it
/// writes is stored, so it never changes. Safe for concurrent use.
/// </summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public interface IMessageForm<TMessage>
    where TMessage : notnull
{
    /// <summary>Writes a message.</summary>
    void Write(TMessage message, IBufferWriter<byte> output);

    /// <summary>Reads what was written, all of it.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    TMessage Read(ReadOnlySpan<byte> form);
}
