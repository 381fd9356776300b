namespace Snapshots.Grains;

/// <summary>
/// Writes an application's messages: in the application's own form where it offers one, else as Orleans does.
/// </summary>
internal sealed class MessageCodec<TMessage>(PayloadCodec<TMessage> general, IMessageForm<TMessage>? own)
    where TMessage : notnull
{
    private readonly RecordWriter _scratch = new();

    /// <summary>Whether <see cref="WriteOwn"/> and <see cref="ReadOwn"/> can be used.</summary>
    public bool HasOwnForm => own is not null;

    /// <summary>Orleans's form, which every program with the application's types can read.</summary>
    public PayloadCodec<TMessage> General => general;

    public void WriteOwn(RecordWriter writer, TMessage message)
    {
        _scratch.Reset();
        own!.Write(message, _scratch);
        writer.WriteBlock(_scratch.Written);
    }

    /// <exception cref="InvalidDataException">It is damaged, or of a form that is not known here.</exception>
    public TMessage ReadOwn(ref RecordReader reader)
    {
        if (own is null) throw new InvalidDataException($"a {typeof(TMessage).Name} is written in a form that cannot be read here");
        try
        {
            return own.Read(reader.ReadBlock());
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"a {typeof(TMessage).Name} is damaged: {exception.Message}", exception);
        }
    }
}
