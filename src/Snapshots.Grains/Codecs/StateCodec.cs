namespace Snapshots.Grains;

/// <summary>
/// Writes an application's states: whole, unchanged, or as a difference where the application offers that.
/// </summary>
internal sealed class StateCodec<TState>(PayloadCodec<TState> whole, IStateDifference<TState>? differences)
    where TState : notnull
{
    private const byte WholeForm = 0;
    private const byte DifferenceForm = 1;
    private const byte UnchangedForm = 2;
    private readonly RecordWriter _scratch = new();

    public void Write(RecordWriter writer, TState state)
    {
        writer.WriteByte(WholeForm);
        whole.Write(writer, state);
    }

    /// <summary>Writes what makes a state out of the one that was written before it.</summary>
    public void WriteChange(RecordWriter writer, TState before, TState state)
    {
        if (ReferenceEquals(before, state))
        {
            writer.WriteByte(UnchangedForm);
            return;
        }

        if (differences is null)
        {
            Write(writer, state);
            return;
        }

        writer.WriteByte(DifferenceForm);
        _scratch.Reset();
        differences.Write(before, state, _scratch);
        writer.WriteBlock(_scratch.Written);
    }

    /// <exception cref="InvalidDataException">It is damaged, or differs from a state that is not given.</exception>
    public TState Read(ref RecordReader reader, TState? before)
    {
        var form = reader.ReadByte();
        if (form == WholeForm) return whole.Read(ref reader);
        if (form == UnchangedForm && before is not null) return before;
        if (form != DifferenceForm || before is null || differences is null)
        {
            throw new InvalidDataException($"a {typeof(TState).Name} is stored in form {form}, which cannot be read here");
        }

        try
        {
            return differences.Read(before, reader.ReadBlock());
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"a stored difference of a {typeof(TState).Name} is damaged: {exception.Message}", exception);
        }
    }
}
