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

    private readonly Row<StoredProcess> _row = new(storage, RowName, grain);
    private readonly Row<StoredProcess>[] _bases = [new(storage, "process-base-0", grain), new(storage, "process-base-1", grain)];
    private ProcessRecord<TState, TMessage>? _base;
    private long _baseNumber;
    private int _baseBytes;
    private int _writesSinceBase;

    private const string RowName = "process";

    /// <summary>The process as it is stored, or none.</summary>
    /// <exception cref="InvalidDataException">What is stored is damaged.</exception>
    public async Task<ProcessRecord<TState, TMessage>?> ReadAsync()
    {
        await Task.WhenAll(_row.ReadAsync(), _bases[0].ReadAsync(), _bases[1].ReadAsync());
        if (!_row.Exists || _row.Value.Record.IsEmpty) return null;
        _baseNumber = _row.Value.Base;
        if (_baseNumber == 0) return codec.Decode(process, _row.Value.Record);
        var stored = _bases[_baseNumber % 2].Value;
        if (stored.Base != _baseNumber) throw new InvalidDataException($"base {_baseNumber} of {process} is lost, {stored.Base} is there");
        _base = codec.Decode(process, stored.Record);
        _baseBytes = stored.Record.Length;
        return ProcessDelta.Apply(_base, codec.Decode(process, _row.Value.Record, _base));
    }

    /// <summary>Writes the process; the caller has no other write under way.</summary>
    /// <exception cref="InconsistentStateException">Another activation has written since this one read.</exception>
    public async Task WriteAsync(ProcessRecord<TState, TMessage> record)
    {
        var delta = codec.Encode(_base is null ? record : ProcessDelta.Between(_base, record), _base);
        if (delta.Length - codec.LastFixedBytes <= Worth(delta.Length - codec.LastFixedBytes))
        {
            _writesSinceBase++;
            await _row.WriteAsync(new StoredProcess { Record = delta, Base = _baseNumber });
            return;
        }

        var whole = _base is null ? delta : codec.Encode(record);
        var next = _baseNumber + 1;
        await _bases[next % 2].WriteAsync(new StoredProcess { Record = whole, Base = next });
        delta = codec.Encode(ProcessDelta.Between(record, record), record);
        await _row.WriteAsync(new StoredProcess { Record = delta, Base = next });

        // Not before: (1) a stale activation writes base 61 into the free row; (2) its record is refused; (3) it tries again, and were
        // 61 its base now, it would write base 62 over base 60, which is the one that its successor's record names.
        (_base, _baseNumber, _baseBytes) = (record, next, whole.Length);
        _writesSinceBase = 0;
    }

    /// <summary>The bytes up to which a difference is cheaper than a new base.</summary>
    private double Worth(int delta)
    {
        var change = Math.Max(SmallChange, (double)delta / (_writesSinceBase + 1));
        return Math.Max(SmallDelta, Math.Sqrt(2 * _baseBytes * change));
    }

    /// <summary>Whether somebody else has written since this store read or wrote.</summary>
    public async Task<bool> HasMovedOnAsync()
    {
        var stored = new Row<StoredProcess>(storage, RowName, grain);
        await stored.ReadAsync();
        return stored.ETag != _row.ETag;
    }
}
