using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Keeps one process in its storage, at a cost per write that grows with what changed and not with how many channels the process
/// ever had.
/// </summary>
/// <remarks>
/// <para>
/// Three rows. <c>process</c> is the record that counts: either whole, or the difference to a base whose number it names. Bases lie
/// in two further rows, taken in turns. When the difference has grown past its worth, the whole record is written as the next base
/// into the row that the present base does not use, and then <c>process</c> names it, with an empty difference. A crash between the
/// two leaves <c>process</c> with the old base, which is untouched. So every write is still one row, and takes effect at once.
/// </para>
/// <para>
/// All three etags are read when the grain is activated and kept from then on: a stale activation that wrote a base after its
/// successor had would otherwise destroy the base that the successor's record names.
/// </para>
/// <para>
/// With a base of b bytes and c bytes of change per write, a new base every k writes costs ck/2 + b/k per write; the best k makes
/// the difference grow to the square root of 2bc. What a write changes is taken from the writes since the base: a busy process
/// changes some bytes for each of the hundreds of steps that share a write.
/// </para>
/// </remarks>
internal sealed class ProcessStore<TState, TMessage>(
    IGrainStorage storage, GrainId grain, ProcessId process, ProcessRecordCodec<TState, TMessage> codec)
    where TState : notnull
    where TMessage : notnull
{
    /// <summary>A difference of up to this many bytes is never worth a base.</summary>
    private const int SmallDelta = 1024;

    /// <summary>Bytes that a write is taken to change at least.</summary>
    private const double SmallChange = 256;

    private readonly Row<StoredRow> _row = new(storage, RowName, grain);
    private readonly Row<StoredRow>[] _bases = [new(storage, "process-base-0", grain), new(storage, "process-base-1", grain)];

    /// <summary>The base without channels and recordings: what is needed to write the difference of a state.</summary>
    private ProcessRecord<TState, TMessage>? _base;
    private long _baseNumber;
    private int _baseBytes;
    private int _writesSinceBase;

    /// <summary>The process's revision in the base, of this activation; before its first base a difference holds every channel.</summary>
    private long _baseRevision = NoRevision;

    private const string RowName = "process";
    private const long NoRevision = -1;

    /// <summary>The process as it is stored, or none.</summary>
    /// <exception cref="InvalidDataException">What is stored is damaged.</exception>
    public async Task<ProcessRecord<TState, TMessage>?> ReadAsync()
    {
        await Task.WhenAll(_row.ReadAsync(), _bases[0].ReadAsync(), _bases[1].ReadAsync());
        if (!_row.Exists || _row.Value.Content.Length == 0) return null;
        var number = NumberOf(_row);
        if (number == 0) return codec.Decode(process, _row.Value.Content);
        var row = _bases[number % 2];
        if (NumberOf(row) != number) throw new InvalidDataException($"base {number} of {process} is lost, {NumberOf(row)} is there");
        var @base = codec.Decode(process, row.Value.Content);
        UseBase(@base, number, row.Value.Content.Length);
        return ProcessDelta.Apply(@base, codec.Decode(process, _row.Value.Content, @base));
    }

    /// <summary>Writes the process as it is now; the caller has no other write under way.</summary>
    /// <exception cref="InconsistentStateException">Another activation has written since this one read.</exception>
    public async Task WriteAsync(Process<TState, TMessage> current)
    {
        // All that is needed of the process is taken before the first await: it goes on meanwhile.
        var revision = current.Revision;
        var delta = Encode(_base is null ? current.ToRecord() : current.ToRecord(_baseRevision), _base, _baseNumber);
        var fixedBytes = codec.LastFixedBytes;
        if (delta.Content.Length - fixedBytes <= Worth(delta.Content.Length - fixedBytes))
        {
            _writesSinceBase++;
            await _row.WriteAsync(delta);
            return;
        }

        var next = _baseNumber + 1;
        var record = current.ToRecord();
        var whole = Encode(record, @base: null, next);
        delta = Encode(current.ToRecord(revision), record, next);
        await _bases[next % 2].WriteAsync(whole);
        await _row.WriteAsync(delta);

        // Not before: (1) a stale activation writes base 61 into the free row; (2) its record is refused; (3) it tries again, and were
        // 61 its base now, it would write base 62 over base 60, which is the one that its successor's record names.
        UseBase(record, next, whole.Content.Length);
        _baseRevision = revision;
    }

    private void UseBase(ProcessRecord<TState, TMessage> @base, long number, int bytes)
    {
        _base = @base with { Outgoing = [], Incoming = [], Recordings = [] };
        (_baseNumber, _baseBytes, _writesSinceBase) = (number, bytes, 0);
    }

    private StoredRow Encode(ProcessRecord<TState, TMessage> record, ProcessRecord<TState, TMessage>? @base, long number) =>
        new() { Content = codec.Encode(record, @base, number) };

    private long NumberOf(Row<StoredRow> row) =>
        row.Value.Content.Length == 0 ? 0 : ProcessRecordCodec<TState, TMessage>.NumberOf(process, row.Value.Content);

    /// <summary>The bytes up to which a difference is cheaper than a new base.</summary>
    private double Worth(int delta)
    {
        var change = Math.Max(SmallChange, (double)delta / (_writesSinceBase + 1));
        return Math.Max(SmallDelta, Math.Sqrt(2 * _baseBytes * change));
    }

    /// <summary>Whether somebody else has written since this store read or wrote.</summary>
    public async Task<bool> HasMovedOnAsync()
    {
        var stored = new Row<StoredRow>(storage, RowName, grain);
        await stored.ReadAsync();
        return stored.ETag != _row.ETag;
    }
}
