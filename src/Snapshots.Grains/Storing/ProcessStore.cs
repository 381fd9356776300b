using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Keeps one process in its storage, at a cost per write that grows with what changed and not with how much there is, nor with how
/// many channels the process ever had.
/// </summary>
/// <remarks>
/// <para>
/// Three kinds of rows. <c>process</c>, the head, is either whole, or the difference to a base whose number it names. Bases lie in two
/// rows, taken in turns: when the difference has grown past its worth, the whole record is written as the next base into the row that
/// the present base does not use, and then the head names it, with an empty difference. A crash between the two leaves the head with
/// the old base, which is untouched. Where even the differences are large, a head begins a chain: the next writes go into link rows,
/// one after the other, each with the difference to the write before it, until they are used up and the head is written again.
/// So every write is still one row, and takes effect at once.
/// </para>
/// <para>
/// Which row is next follows from what is stored, so two activations that read the same state go on in the same row, and its etag lets
/// one of them through. All etags are read when the grain is activated and kept from then on: a stale activation that wrote a base
/// after its successor had would otherwise destroy the base that the successor's record names.
/// </para>
/// <para>
/// With a base of b bytes and c bytes of change per write, a new base every k writes costs ck/2 + b/k per write; the best k makes the
/// difference grow to the square root of 2bc. With n writes to a chain all but one of n cost c, and the head costs as much as with
/// changes of nc, a n-th of the time: c + sqrt(2bc/n). What a write changes is taken from the writes since the base: a busy process
/// changes some bytes for each of the hundreds of steps that share a write.
/// </para>
/// </remarks>
/// <param name="storage">Where the rows are kept.</param>
/// <param name="grain">Whose rows they are.</param>
/// <param name="process">The process.</param>
/// <param name="codec">The stored form of a process.</param>
/// <param name="smallHead">
/// Bytes: differences in the head that grow no further are cheap enough without links. As much as a page of a database holds.
/// </param>
internal sealed class ProcessStore<TState, TMessage>(
    IGrainStorage storage, GrainId grain, ProcessId process, ProcessRecordCodec<TState, TMessage> codec, int smallHead = 4096)
    where TState : notnull
    where TMessage : notnull
{
    /// <summary>Links of one chain; as many rows are read when a process that uses them is activated.</summary>
    public const int LinksPerChain = 15;

    /// <summary>A difference of up to this many bytes is never worth a base.</summary>
    private const int SmallDelta = 1024;

    /// <summary>Bytes that a write is taken to change at least.</summary>
    private const double SmallChange = 256;

    /// <summary>How often rows are read that do not fit together, as when another activation writes them meanwhile.</summary>
    private const int MaxReads = 3;

    private const string HeadName = "process";
    private const long NoRevision = -1;

    private readonly Row<StoredRow> _head = new(storage, HeadName, grain);
    private readonly Row<StoredRow>[] _bases = [new(storage, "process-base-0", grain), new(storage, "process-base-1", grain)];

    /// <summary>The link rows, with their etags; none before they are used, and most processes never use them.</summary>
    private Row<StoredRow>[]? _links;

    /// <summary>The base without channels and recordings: what is needed to write the difference of a state.</summary>
    private ProcessRecord<TState, TMessage>? _base;
    private long _baseNumber;
    private int _baseBytes;
    private int _writesSinceBase;

    /// <summary>The process's revision in the base, of this activation; before its first base a difference holds every channel.</summary>
    private long _baseRevision = NoRevision;

    /// <summary>The last write, without channels: what is needed to write the next link.</summary>
    private ProcessRecord<TState, TMessage>? _last;
    private long _lastRevision;

    private long _chain;
    private LinkUse _linkUse;
    private int _linksWritten;

    /// <summary>Whether the next head is to begin a chain with links.</summary>
    private bool _linksPay;

    private bool GoesOnWithLink => _linkUse == LinkUse.Now && _linksWritten < LinksPerChain;

    /// <summary>The process as it is stored, or none. A process made of it is the one that may be written.</summary>
    /// <exception cref="InvalidDataException">What is stored is damaged.</exception>
    public async Task<ProcessRecord<TState, TMessage>?> ReadAsync()
    {
        for (var reads = 1; ; reads++)
        {
            try
            {
                return await ReadOnceAsync();
            }
            catch (InvalidDataException) when (reads < MaxReads)
            {
                // Rows are read one by one: another activation may have begun a new chain, or two bases, meanwhile.
            }
        }
    }

    /// <summary>Writes the process as it is now; the caller has no other write under way.</summary>
    /// <exception cref="InconsistentStateException">Another activation has written since this one read.</exception>
    public Task WriteAsync(Process<TState, TMessage> current) => GoesOnWithLink ? WriteLinkAsync(current) : WriteHeadAsync(current);

    /// <summary>Whether somebody else has written since this store read or wrote: it would have gone on where this one would.</summary>
    public async Task<bool> HasMovedOnAsync()
    {
        var (name, known) = GoesOnWithLink ? (LinkName(_linksWritten), _links![_linksWritten]) : (HeadName, _head);
        var stored = new Row<StoredRow>(storage, name, grain);
        await stored.ReadAsync();
        return stored.ETag != known.ETag;
    }

    private static string LinkName(int link) => FormattableString.Invariant($"process-link-{link}");

    private async Task<ProcessRecord<TState, TMessage>?> ReadOnceAsync()
    {
        await Task.WhenAll(_head.ReadAsync(), _bases[0].ReadAsync(), _bases[1].ReadAsync());
        if (!_head.Exists || _head.Value.Content.Length == 0) return null;
        var place = PlaceOf(_head);
        (_chain, _linkUse, _linksPay, _linksWritten) = (place.Chain, place.Links, place.Links == LinkUse.Now, 0);
        var record = place.Base == 0 ? codec.Decode(process, _head.Value.Content) : ReadDifference(place.Base);
        if (_linkUse == LinkUse.Now) record = await ReadLinksAsync(record);
        Remember(record, revision: 0); // That of a process made of the record.
        return record;
    }

    private ProcessRecord<TState, TMessage> ReadDifference(long number)
    {
        var row = _bases[number % 2];
        if (PlaceOf(row).Base is var found && found != number) throw new InvalidDataException($"base {number} of {process} is lost, {found} is there");
        var @base = codec.Decode(process, row.Value.Content);
        UseBase(@base, number, row.Value.Content.Length);
        return ProcessDelta.Apply(@base, codec.Decode(process, _head.Value.Content, @base));
    }

    /// <summary>What the links of the head's chain make of its record; links of older chains are left over.</summary>
    private async Task<ProcessRecord<TState, TMessage>> ReadLinksAsync(ProcessRecord<TState, TMessage> record)
    {
        _links = await OpenLinksAsync(mayExist: true);
        for (var link = 0; link < LinksPerChain; link++)
        {
            var row = _links[link];
            var chain = PlaceOf(row).Chain;
            if (chain < _chain) continue;
            if (chain > _chain || link != _linksWritten)
            {
                throw new InvalidDataException($"link {link} of {process} belongs to chain {chain}, which has {_linksWritten} links in chain {_chain}");
            }

            record = ProcessDelta.Apply(record, codec.Decode(process, row.Value.Content, record));
            _linksWritten++;
        }

        return record;
    }

    /// <summary>Rows that were never written have no etag, and who finds one there is refused: they need not be read.</summary>
    private async Task<Row<StoredRow>[]> OpenLinksAsync(bool mayExist)
    {
        var links = Enumerable.Range(0, LinksPerChain).Select(link => new Row<StoredRow>(storage, LinkName(link), grain)).ToArray();
        if (mayExist) await Task.WhenAll(links.Select(link => link.ReadAsync()));
        return links;
    }

    // All that is needed of the process is taken before the first await: it goes on meanwhile. What a write changes here is changed
    // after it has succeeded, so that one that is tried again after a failure meets the same row.
    private async Task WriteLinkAsync(Process<TState, TMessage> current)
    {
        var (revision, record) = (current.Revision, current.ToRecord(_lastRevision));
        var row = Encode(record, _last, new(_baseNumber, _chain, LinkUse.Now));
        await _links![_linksWritten].WriteAsync(row);
        _linksWritten++;
        _writesSinceBase++;
        Remember(record, revision);
    }

    private async Task WriteHeadAsync(Process<TState, TMessage> current)
    {
        var (revision, record) = (current.Revision, _base is null ? current.ToRecord() : current.ToRecord(_baseRevision));
        var links = _linksPay ? LinkUse.Now : _linkUse == LinkUse.Never ? LinkUse.Never : LinkUse.Before;
        var place = new RecordPlace(_baseNumber, _chain + 1, links);
        var head = Encode(record, _base, place);
        var difference = head.Content.Length - codec.LastFixedBytes;
        var change = Math.Max(SmallChange, (double)difference / (_writesSinceBase + 1));
        StoredRow? whole = null;
        if (difference > Worth(change))
        {
            record = current.ToRecord();
            place = place with { Base = _baseNumber + 1 };
            whole = Encode(record, @base: null, new(place.Base, Chain: 0, LinkUse.Never));
            head = Encode(current.ToRecord(revision), record, place);
        }

        if (links == LinkUse.Now) _links ??= await OpenLinksAsync(mayExist: _linkUse != LinkUse.Never);
        if (whole is not null) await _bases[place.Base % 2].WriteAsync(whole);
        await _head.WriteAsync(head);

        // Not before: (1) a stale activation writes base 61 into the free row; (2) its head is refused; (3) it tries again, and were
        // 61 its base now, it would write base 62 over base 60, which is the one that its successor's head names.
        if (whole is not null)
        {
            UseBase(record, place.Base, whole.Content.Length);
            _baseRevision = revision;
        }
        else
        {
            _writesSinceBase++;
        }

        (_chain, _linkUse, _linksWritten) = (place.Chain, place.Links, 0);
        _linksPay = Math.Sqrt(2 * _baseBytes * change) > smallHead;
        Remember(record, revision);
    }

    private void UseBase(ProcessRecord<TState, TMessage> @base, long number, int bytes)
    {
        _base = @base with { Outgoing = [], Incoming = [], Recordings = [] };
        (_baseNumber, _baseBytes, _writesSinceBase) = (number, bytes, 0);
    }

    private void Remember(ProcessRecord<TState, TMessage> written, long revision)
    {
        _lastRevision = revision;
        _last = _linkUse == LinkUse.Now
            ? written with { Outgoing = [], Incoming = [], Recordings = [.. written.Recordings.Select(recording => recording with { Channels = [] })] }
            : null;
    }

    private StoredRow Encode(ProcessRecord<TState, TMessage> record, ProcessRecord<TState, TMessage>? @base, RecordPlace place) =>
        new() { Content = codec.Encode(record, @base, place) };

    private RecordPlace PlaceOf(Row<StoredRow> row) =>
        row.Value.Content.Length == 0 ? default : ProcessRecordCodec<TState, TMessage>.PlaceOf(process, row.Value.Content);

    /// <summary>The bytes up to which the difference in the head is cheaper than a new base.</summary>
    private double Worth(double change)
    {
        var writesPerHead = _linkUse == LinkUse.Now ? LinksPerChain + 1 : 1;
        return Math.Max(SmallDelta, Math.Sqrt(2 * _baseBytes * writesPerHead * change));
    }
}
