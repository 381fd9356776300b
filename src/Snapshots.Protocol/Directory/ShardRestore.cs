using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// What a directory shard does for restores: it closes, has its members close, moves to the new epoch, has its members
/// apply their parts, and opens again after an abort.
/// </summary>
/// <remarks>
/// <code>
/// order                      what happens
/// -------------------------  --------------------------------------------------------------------------------
/// older than the gate        nothing: it comes late
/// close, or open in place    store the gate; then each registered process does the same, until all have
/// a newer epoch              read what the source has here; register what is unknown; store the gate, and how
///                            many processes get a part; then each of these applies its part, until all have;
///                            store that
/// the one that is stored     an activation that begins does the rest of it
/// </code>
/// <para>Members are named from what is stored, never from what was read before the gate was stored.</para>
/// </remarks>
internal sealed class ShardRestore(ShardHead? stored)
{
    private const int MaxWaitingFor = 5;
    private static readonly Backoff Pause = new(50, 1000);

    private ShardHead _head = stored ?? new(default, 0, IsApplying: false, default);
    private ShardHead? _stored = stored;
    private ShardOrder? _order;
    private Rounds<MemberWork>? _rounds;
    private ReadSourceWork? _reading;
    private ImmutableArray<ProcessId>? _source;
    private Instant? _readAt;
    private int _failedReads;
    private RestoreCounts _counts;
    private bool _isDone;

    /// <summary>The gate as it is stored; <c>default</c> before the first write.</summary>
    public Gate StoredGate => _stored?.Gate ?? default;

    /// <summary>Whether the head is to be written.</summary>
    public bool IsChanged => _head != _stored && _head.Gate != default;

    /// <summary>When <see cref="TakeWork"/> is next useful.</summary>
    public Instant? DueAt => _rounds?.DueAt ?? _readAt;

    /// <summary>How far the last order is.</summary>
    public ShardStanding Standing => new(
        StoredGate,
        _isDone && !IsChanged,
        _head.Counts,
        [.. _rounds?.Left.Select(work => work.Process).Take(MaxWaitingFor) ?? []]);

    /// <summary>Whether the process with that number of registration may register, or is as it should be.</summary>
    public bool Admits(int place) =>
        _head.Gate.IsOpen && _head.Gate == StoredGate && !IsMoving && !(_head.IsApplying && place < _head.Members);

    /// <summary>Whether the shard lives in an epoch, and is open.</summary>
    public bool IsOpenIn(Epoch epoch) => _head.Gate.IsOpen && _head.Gate == StoredGate && !IsMoving && _head.Gate.Epoch == epoch;

    private bool IsMoving => _order is { } order && order.Gate > _head.Gate;

    /// <summary>The index says which epoch it is; one that has a gate keeps it until there is an order.</summary>
    public void Begin(Epoch epoch)
    {
        if (_head.Gate == default) _head = _head with { Gate = Gate.Of(epoch) };
    }

    /// <summary>Takes an order, given how many processes are registered: none registers while the shard is closed.</summary>
    public void Obey(ShardOrder order, int processes)
    {
        if (order.Gate < _head.Gate || (_order is { } known && order.Gate <= known.Gate)) return;
        _order = order;
        (_rounds, _source, _counts, _isDone) = (null, null, default, false);
        if (!order.Applies) _head = _head with { Gate = order.Gate, IsApplying = false, Closed = order.Gate.IsOpen ? 0 : processes };
        else if (order.Gate == _head.Gate && !_head.IsApplying) _isDone = true;
    }

    /// <summary>Takes the head for a write; none if it is stored as it is, unless the write is a fence.</summary>
    public ShardHead? TakeChange(bool isFence) => IsChanged || isFence ? _head : null;

    public void Stored(ShardHead head) => _stored = head;

    /// <summary>The next piece of work, given all processes and how many of them are stored.</summary>
    public ShardWork? TakeWork(List<ProcessId> processes, int stored, Instant now)
    {
        if (_order is not { } order || _isDone) return null;
        if (order.Applies && _source is null) return Read(order, now);
        if (IsChanged || IsMoving) return null;
        if (_rounds is null)
        {
            _rounds = new(static work => work, Pause);
            _rounds.Start(MembersOf(order, processes, stored), now);
        }

        var work = _rounds.Take(now);
        if (work is null) EndIfDone(order);
        return work;
    }

    /// <summary>Takes what the source has here. False if nobody waits for it.</summary>
    public bool HasRead(ReadSourceWork work, ImmutableArray<ProcessId> processes)
    {
        if (!ReferenceEquals(work, _reading)) return false;
        _reading = null;
        if (_order?.Source != work.Source) return false;
        _source = processes;
        return true;
    }

    public void NotRead(Instant now) => (_reading, _readAt) = (null, now.After(Pause.PauseMs(_failedReads++)));

    /// <summary>All that the source has is registered: the gate opens in the new epoch.</summary>
    public void Move(int members)
    {
        if (IsMoving) _head = new(_order!.Value.Gate, members, IsApplying: true, default) { Closed = _head.Closed };
    }

    public void Ended(MemberWork work, RestoreCounts counts, bool wasReached, Instant now)
    {
        if (_rounds is not { } rounds || work.Order != _order) return;
        rounds.Ended(work, wasReached, now);
        if (wasReached) _counts = _counts.Add(counts);
        EndIfDone(work.Order);
    }

    private ReadSourceWork? Read(ShardOrder order, Instant now)
    {
        if (_reading is not null || now < _readAt) return null;
        _readAt = null;
        return _reading = new(order.Source);
    }

    private IEnumerable<MemberWork> MembersOf(ShardOrder order, List<ProcessId> processes, int stored)
    {
        if (!order.Applies) return processes.Take(stored).Select(process => new MemberWork(process, order));
        var closed = processes.Take(_head.Closed).ToHashSet();
        return _source!.Value.Union(processes.Take(_head.Members))
            .Select(process => new MemberWork(process, order, closed.Contains(process)));
    }

    private void EndIfDone(ShardOrder order)
    {
        if (_isDone || !_rounds!.IsDone) return;
        _isDone = true;
        if (order.Applies) _head = _head with { IsApplying = false, Counts = _counts };
    }
}
