using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Snapshots.Protocol;

/// <summary>What a process knows of a key that comes with a request.</summary>
public enum KeyStanding
{
    /// <summary>The key names a new request, which may be executed.</summary>
    New,

    /// <summary>The same request was executed, and its outcome is remembered.</summary>
    Duplicate,

    /// <summary>The key belongs to another request.</summary>
    KeyReused,

    /// <summary>The key is timed and older than the memory: whether its request was executed is not known.</summary>
    KeyTooOld,

    /// <summary>The key is timed and lies too far ahead of the process's clock.</summary>
    KeyFromFuture,

    /// <summary>The key is hand-made, and the process can remember no more of those until the oldest expires.</summary>
    TooManyKeys,
}

/// <summary>
/// The requests that a process has executed, by key, with their outcomes. A part of the local state, and so of every
/// snapshot. Immutable; equal by content: the same requests in the same order and the same horizon.
/// </summary>
/// <remarks>
/// <para>
/// <b>Timed keys</b> are never executed twice. The last <see cref="RequestLimits.RememberedTimedKeys"/> to arrive are
/// remembered in any case. Above <see cref="RequestLimits.MaxTimedKeys"/> the others lose those with the oldest times,
/// which raises the horizon to the latest of these. A key that is not remembered is too old up to the horizon. More
/// than <see cref="RequestLimits.MaxAheadMs"/> ahead of the clock it is refused too. By order of arrival alone, one key
/// from tomorrow would raise the horizon to tomorrow, and close the process to all other clients until then.
/// </para>
/// <para>
/// <b>Hand-made keys</b> are recognised for <see cref="RequestLimits.KeyRetentionMs"/> and name a new request after
/// that. One more than <see cref="RequestLimits.MaxHandMadeKeys"/> is refused until the oldest expires.
/// </para>
/// <para>
/// <b>The process's clock</b> may differ from life to life, and so go back. Timed keys need no clock to be recognised:
/// what holds for them holds under any clock. For a hand-made key the retention counts from the time that is stored
/// with it. If the clock was ahead at that time, the key is recognised for longer by as much; if the clock is ahead
/// now, for less.
/// </para>
/// <para>
/// Any thread may read a memory. Memories that grew from one another share room, so only one thread at a time may call
/// <see cref="Add"/> on them, as a process does.
/// </para>
/// </remarks>
public sealed class RequestMemory : IEquatable<RequestMemory>
{
    /// <summary>Earlier than the time of any key.</summary>
    private const long NoHorizon = -1;

    /// <summary>Bits for the place of a request beside its time, which has 48.</summary>
    private const int PlaceBits = 12;

    private readonly RequestList _timed;
    private readonly RequestList _handMade;
    private readonly long _horizonMs;

    private RequestMemory(RequestList timed, RequestList handMade, long horizonMs) =>
        (_timed, _handMade, _horizonMs) = (timed, handMade, horizonMs);

    /// <summary>The memory of a process that was never asked anything.</summary>
    public static RequestMemory Empty { get; } =
        new(RequestList.Empty(isWide: false), RequestList.Empty(isWide: true), NoHorizon);

    /// <summary>Timed keys remembered: 0 … <see cref="RequestLimits.MaxTimedKeys"/>.</summary>
    public int TimedKeys => _timed.Count;

    /// <summary>
    /// Hand-made keys held: 0 … <see cref="RequestLimits.MostHandMadeKeys"/>. Some may have expired; they make room
    /// when it is needed.
    /// </summary>
    public int HandMadeKeys => _handMade.Count;

    /// <summary>
    /// The latest time of a forgotten timed key, in milliseconds since 1970; null before the first one.
    /// </summary>
    public long? HorizonMs => _horizonMs == NoHorizon ? null : _horizonMs;

    /// <summary>The requests under timed keys, in order of arrival, chunk by chunk.</summary>
    internal RequestList Timed => _timed;

    /// <summary>The requests under hand-made keys, in order of arrival, chunk by chunk.</summary>
    internal RequestList HandMade => _handMade;

    /// <summary>Says what is known of a key. It changes nothing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fingerprint">The fingerprint of the request that comes with it.</param>
    /// <param name="nowMs">The process's clock, in milliseconds since 1970.</param>
    /// <param name="limits">The bounds.</param>
    /// <param name="outcome">What the request was answered, for <see cref="KeyStanding.Duplicate"/>; else
    /// empty.</param>
    /// <exception cref="ArgumentException">The key is <c>default</c>, or no date is that time.</exception>
    public KeyStanding Find(
        RequestKey key, ulong fingerprint, long nowMs, RequestLimits limits, out ImmutableArray<byte> outcome)
    {
        ArgumentNullException.ThrowIfNull(limits);
        Require(key, nowMs);
        var standing = Find(Identify(key, nowMs), key.IsTimed, nowMs, limits, out var known);
        outcome = standing == KeyStanding.Duplicate && known.Fingerprint == fingerprint ? known.Outcome : [];
        return standing == KeyStanding.Duplicate && known.Fingerprint != fingerprint ? KeyStanding.KeyReused : standing;
    }

    /// <summary>As the other <c>Find</c>, whatever the request under the key was.</summary>
    public KeyStanding Find(RequestKey key, long nowMs, RequestLimits limits, out ImmutableArray<byte> outcome)
    {
        ArgumentNullException.ThrowIfNull(limits);
        Require(key, nowMs);
        var standing = Find(Identify(key, nowMs), key.IsTimed, nowMs, limits, out var known);
        outcome = standing == KeyStanding.Duplicate ? known.Outcome : [];
        return standing;
    }

    /// <summary>
    /// The memory with one request more. Now and then it forgets: timed keys when there are too many, expired hand-made
    /// keys when a chunk of requests is full or room is needed. Both touch only the chunks that lose one.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The key is not <see cref="KeyStanding.New"/>, the outcome is too long, or no date is that time.
    /// </exception>
    public RequestMemory Add(
        RequestKey key, ulong fingerprint, ImmutableArray<byte> outcome, long nowMs, RequestLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        Require(key, nowMs);
        if (outcome.IsDefault || outcome.Length > limits.MaxOutcomeBytes)
        {
            throw new ArgumentException($"an outcome has 0 to {limits.MaxOutcomeBytes} bytes", nameof(outcome));
        }

        var request = Identify(key, nowMs) with { Fingerprint = fingerprint, Outcome = outcome };
        var standing = Find(request, key.IsTimed, nowMs, limits, out var known);
        if (standing != KeyStanding.New) throw new ArgumentException($"the key {key} is {standing}", nameof(key));

        var list = key.IsTimed ? _timed : _handMade;
        var isExpired = !known.Outcome.IsDefault;
        var needsRoom = !key.IsTimed && _handMade.Count >= limits.MaxHandMadeKeys;
        var memory = list.IsChunkFull || isExpired || needsRoom ? WithoutExpired(nowMs, limits) : this;
        return key.IsTimed
            ? memory.AddTimed(request)
            : new(memory._timed, memory._handMade.Append(request), memory._horizonMs);
    }

    /// <summary>
    /// The memory without the hand-made keys that have expired, for a checkpoint that holds no more than it must.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No date is that time.</exception>
    public RequestMemory WithoutExpired(long nowMs, RequestLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        RequireTime(nowMs);
        var expired = _handMade.PlacesUpTo(nowMs - limits.KeyRetentionMs);
        return expired.IsEmpty ? this : new(_timed, _handMade.Without(expired), _horizonMs);
    }

    /// <summary>
    /// What turns an earlier memory into this one. It costs little when this one grew from that one, since they share
    /// chunks.
    /// </summary>
    public RequestChanges ChangesSince(RequestMemory earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return new(HorizonMs, _timed.Since(earlier._timed), _handMade.Since(earlier._handMade));
    }

    /// <summary>The memory after those changes: the inverse of <see cref="ChangesSince"/>.</summary>
    /// <exception cref="ArgumentException">They are no changes of this memory, or lead to more than a memory
    /// holds.</exception>
    public RequestMemory Apply(RequestChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var horizonMs = changes.HorizonMs ?? NoHorizon;
        if (horizonMs < _horizonMs || (horizonMs != NoHorizon && !RequestKey.IsTime(horizonMs)))
        {
            throw new ArgumentException($"the horizon went from {_horizonMs} to {horizonMs}", nameof(changes));
        }

        return new(
            Apply(_timed, changes.Timed, RequestLimits.MaxTimedKeys, ulong.MaxValue),
            Apply(_handMade, changes.HandMade, RequestLimits.MostHandMadeKeys, UInt128.MaxValue),
            horizonMs);
    }

    /// <inheritdoc/>
    public bool Equals(RequestMemory? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && (TimedKeys, HandMadeKeys, _horizonMs) == (other.TimedKeys, other.HandMadeKeys, other._horizonMs)
            && _timed.Requests().SequenceEqual(other._timed.Requests())
            && _handMade.Requests().SequenceEqual(other._handMade.Requests()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RequestMemory);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TimedKeys, HandMadeKeys, _horizonMs);

    /// <summary>The key's part of a request, without fingerprint and outcome.</summary>
    private static RememberedRequest Identify(RequestKey key, long nowMs)
    {
        if (key.TryGetParts(out var timeMs, out var random)) return new(random, timeMs, 0, []);
        Span<char> text = stackalloc char[RequestKey.MaxLength];
        Span<byte> bytes = stackalloc byte[RequestKey.MaxLength];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = Encoding.ASCII.GetBytes(text[..key.CopyTo(text)], bytes);
        SHA256.HashData(bytes[..length], hash);
        return new(BinaryPrimitives.ReadUInt128LittleEndian(hash), nowMs, 0, []);
    }

    private static void Require(RequestKey key, long nowMs)
    {
        RequestKey.Require(key, nameof(key));
        RequireTime(nowMs);
    }

    private static void RequireTime(long nowMs)
    {
        if (RequestKey.IsTime(nowMs)) return;
        throw new ArgumentOutOfRangeException(nameof(nowMs), nowMs, "no date is that time");
    }

    private static RequestList Apply(RequestList list, KeyChanges changes, int most, UInt128 highestKey)
    {
        if (changes.Forgotten.IsDefault || changes.Added.IsDefault) throw new ArgumentException("changes are missing");
        var end = 0;
        foreach (var run in changes.Forgotten)
        {
            if (run.Start < end || run.Count < 1 || run.Count > list.Count - run.Start)
            {
                throw new ArgumentException($"{run} of {list.Count} requests cannot be forgotten");
            }

            end = run.End;
        }

        var result = list.Without(changes.Forgotten);
        if (changes.Added.Length > most - result.Count) throw new ArgumentException($"more than {most} requests");
        foreach (var request in changes.Added)
        {
            if (request.Key > highestKey || !RequestKey.IsTime(request.TimeMs) || request.Outcome.IsDefault)
            {
                throw new ArgumentException($"{request} cannot be remembered");
            }

            result = result.Append(request);
        }

        return result;
    }

    /// <summary>As the public one, without fingerprints; also finds a known request that has expired.</summary>
    private KeyStanding Find(
        RememberedRequest wanted, bool isTimed, long nowMs, RequestLimits limits, out RememberedRequest known)
    {
        if (isTimed)
        {
            if (_timed.TryFind(wanted.Key, wanted.TimeMs, out known)) return KeyStanding.Duplicate;
            if (wanted.TimeMs <= _horizonMs) return KeyStanding.KeyTooOld;
            return wanted.TimeMs > nowMs + RequestLimits.MaxAheadMs ? KeyStanding.KeyFromFuture : KeyStanding.New;
        }

        var expiredUpToMs = nowMs - limits.KeyRetentionMs;
        if (_handMade.TryFind(wanted.Key, null, out known))
        {
            return known.TimeMs > expiredUpToMs ? KeyStanding.Duplicate : KeyStanding.New;
        }

        return _handMade.Count < limits.MaxHandMadeKeys || _handMade.AnyUpTo(expiredUpToMs)
            ? KeyStanding.New
            : KeyStanding.TooManyKeys;
    }

    private RequestMemory AddTimed(RememberedRequest request)
    {
        var timed = _timed.Append(request);
        if (timed.Count <= RequestLimits.MaxTimedKeys) return new(timed, _handMade, _horizonMs);

        // In the order of their times; of one time, in the order in which they came.
        Span<long> ranks = stackalloc long[RequestLimits.MaxTimedKeys + 1 - RequestLimits.RememberedTimedKeys];
        timed.CopyTimes(ranks);
        for (var place = 0; place < ranks.Length; place++) ranks[place] = (ranks[place] << PlaceBits) | (uint)place;
        ranks.Sort();
        var forgotten = ranks[..RequestLimits.ForgottenAtOnce];
        var horizonMs = forgotten[^1] >> PlaceBits; // It never goes back: only keys after the horizon are taken.
        for (var index = 0; index < forgotten.Length; index++) forgotten[index] &= (1 << PlaceBits) - 1;
        forgotten.Sort();
        var runs = ImmutableArray.CreateBuilder<KeyRun>();
        foreach (var place in forgotten) RequestList.AddPlace(runs, (int)place);
        return new(timed.Without(runs.ToImmutable()), _handMade, horizonMs);
    }
}
