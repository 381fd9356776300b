namespace Snapshots.Grains;

/// <summary>Writes an application's states: whole, or as a difference to a base where the application offers that.</summary>
internal sealed class StateCodec<TState>(PayloadCodec<TState> whole, IStateDifference<TState>? differences)
    where TState : notnull
{
    private const byte WholeForm = 0;
    private const byte DifferenceForm = 1;
    private readonly RecordWriter _scratch = new();

    /// <summary>Whether a state that has grown can be written for what changed.</summary>
    public bool WritesDifferences => differences is not null;

    public void Write<TMessage>(RecordWriter writer, TState state, Protocol.ProcessRecord<TState, TMessage>? @base)
    {
        if (@base is null || differences is null)
        {
            writer.WriteByte(WholeForm);
            whole.Write(writer, state);
            return;
        }

        writer.WriteByte(DifferenceForm);
        _scratch.Reset();
        differences.Write(@base.State, state, _scratch);
        writer.WriteBlock(_scratch.Written);
    }

    /// <exception cref="InvalidDataException">It is damaged, or a difference to a base that is not given.</exception>
    public TState Read<TMessage>(ref RecordReader reader, Protocol.ProcessRecord<TState, TMessage>? @base)
    {
        var form = reader.ReadByte();
        if (form == WholeForm) return whole.Read(ref reader);
        if (form != DifferenceForm || @base is null || differences is null)
        {
            throw new InvalidDataException($"a {typeof(TState).Name} is stored in form {form}, which cannot be read here");
        }

        try
        {
            return differences.Read(@base.State, reader.ReadBlock());
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"a stored difference of a {typeof(TState).Name} is damaged: {exception.Message}", exception);
        }
    }
}
