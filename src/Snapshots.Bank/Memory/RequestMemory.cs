using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>
/// The outcomes of an account's last requests, by key, and enough of all earlier ones never to execute a request twice.
/// Immutable; <see cref="Add"/> shares all but the last chunk with its origin. Equal by content: the same entries in
/// the same order, the same horizon, the same forgotten keys, in whatever chunks.
/// </summary>
/// <remarks>
/// <para>
/// The last <see cref="BankLimits.RememberedRequests"/> outcomes to arrive are remembered in any case. When there are
/// more than <see cref="BankLimits.MaxRememberedRequests"/>, <see cref="BankLimits.ForgottenAtOnce"/> of the others are
/// forgotten: first the hand-made keys, in order of arrival, then the timed keys, the oldest <i>time</i> first.
/// </para>
/// <para>
/// A forgotten timed key raises the <see cref="Horizon"/> to its time, and a timed key that is not remembered and not
/// later than the horizon is too old. Two things follow. A request that is overtaken by others is refused only if about
/// a thousand overtook it. And a key from a clock that is ahead does not raise the horizon to its time, past everybody
/// else's, while it is among the youngest; by order of arrival alone, one key from next year would close the account to
/// timed keys until then.
/// </para>
/// <para>
/// A forgotten hand-made key leaves a fingerprint. There is room for one for every hand-made key that is taken, so none
/// is ever forgotten without: past <see cref="BankLimits.MaxHandMadeKeys"/> new hand-made keys are refused. Two keys
/// with the same fingerprint make the second one too old: refused in vain, one time in 2^48, but never executed twice.
/// </para>
/// </remarks>
[Alias("snapshots.bank.request-memory")]
[Immutable]
public sealed partial class RequestMemory : IEquatable<RequestMemory>
{
    /// <summary>No horizon; earlier than the time of any key.</summary>
    private const long NoHorizon = -1;

    /// <summary>All chunks but the last, to which entries are added.</summary>
    private readonly ImmutableArray<RequestChunk> _filled;
    private readonly RequestChunk? _last;
    private readonly ForgottenKeys _forgotten;
    private readonly long _horizonMs;
    private readonly int _handMadeRemembered;

    private RequestMemory(
        ImmutableArray<RequestChunk> filled,
        RequestChunk? last,
        int count,
        int handMadeRemembered,
        ForgottenKeys forgotten,
        long horizonMs)
    {
        _filled = filled;
        _last = last;
        _forgotten = forgotten;
        _horizonMs = horizonMs;
        _handMadeRemembered = handMadeRemembered;
        Count = count;
    }

    /// <summary>The memory of an account that was never asked anything.</summary>
    public static RequestMemory Empty { get; } = new([], last: null, 0, 0, ForgottenKeys.None, NoHorizon);

    /// <summary>Outcomes remembered: 0 … <see cref="BankLimits.MaxRememberedRequests"/>.</summary>
    public int Count { get; }

    /// <summary>The latest time of a timed key that was forgotten, or none.</summary>
    public DateTimeOffset? Horizon =>
        _horizonMs == NoHorizon ? null : DateTimeOffset.FromUnixTimeMilliseconds(_horizonMs);

    /// <summary>
    /// Hand-made keys taken so far, remembered and forgotten: 0 … <see cref="BankLimits.MaxHandMadeKeys"/>.
    /// </summary>
    public int HandMadeKeys => _handMadeRemembered + _forgotten.Count;

    /// <summary>
    /// What is remembered, in chunks, in order of arrival. A chunk that did not change from one memory to the next is
    /// the same object, so whoever stores them need store only the new ones.
    /// </summary>
    public ImmutableArray<RequestChunk> Chunks => _last is null ? _filled : _filled.Add(_last);

    /// <summary>What is remembered, in order of arrival.</summary>
    public IEnumerable<RequestEntry> Entries => Slots().Select(slot => slot.ToEntry());

    /// <summary>The fingerprints of the hand-made keys that are forgotten, in the order in which they were.</summary>
    public IEnumerable<ulong> ForgottenHandMadeKeys => _forgotten.Fingerprints();

    /// <summary>What is known of a key; the entry has meaning only for <see cref="KeyStanding.Remembered"/>.</summary>
    /// <exception cref="ArgumentException">The key is <c>default</c>.</exception>
    public KeyStanding Find(RequestKey key, out RequestEntry entry)
    {
        var wanted = RequestSlot.Of(RequestKey.Require(key, nameof(key)));
        for (var (chunk, next) = (_last, _filled.Length - 1); chunk is not null; chunk = next < 0 ? null : _filled[next--])
        {
            if (chunk.EndsSearch(wanted)) break;
            if (!chunk.TryFind(wanted, out var found)) continue;
            entry = new(key, found.Fingerprint, found.Reason);
            return KeyStanding.Remembered;
        }

        entry = default;
        if (wanted.IsTimed) return wanted.TimeMs <= _horizonMs ? KeyStanding.TooOld : KeyStanding.New;
        if (_forgotten.Contains(wanted.Token)) return KeyStanding.TooOld;
        return HandMadeKeys < BankLimits.MaxHandMadeKeys ? KeyStanding.New : KeyStanding.HandMadeKeysFull;
    }

    /// <summary>The memory with one outcome more, and perhaps with old ones forgotten.</summary>
    /// <exception cref="ArgumentException">
    /// The key is not <see cref="KeyStanding.New"/>, or the reason is not one that belongs to a key.
    /// </exception>
    public RequestMemory Add(RequestEntry entry)
    {
        if (!entry.IsStorable) throw new ArgumentException($"{entry} is no outcome to remember", nameof(entry));
        var standing = Find(entry.Key, out _);
        if (standing != KeyStanding.New)
        {
            throw new ArgumentException($"the key {entry.Key} is {standing}", nameof(entry));
        }

        return AddNew(entry);
    }

    /// <summary>As <see cref="Add"/>, for an outcome that can be remembered, of a key that <see cref="Find"/> called new.</summary>
    internal RequestMemory AddNew(RequestEntry entry)
    {
        var longer = Append(RequestSlot.Of(entry));
        return longer.Count > BankLimits.MaxRememberedRequests ? longer.Forget() : longer;
    }

    /// <inheritdoc/>
    public bool Equals(RequestMemory? other)
    {
        if (ReferenceEquals(this, other)) return true;
        return other is not null
            && (Count, _horizonMs, _forgotten.Count) == (other.Count, other._horizonMs, other._forgotten.Count)
            && Slots().SequenceEqual(other.Slots())
            && _forgotten.Fingerprints().SequenceEqual(other._forgotten.Fingerprints());
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RequestMemory);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Count, _horizonMs, HandMadeKeys, _last is null ? default : _last.Slots(_last.Count - 1)[0]);

    private RequestMemory Append(RequestSlot slot)
    {
        var hasRoom = _last is { Count: < BankLimits.RequestsPerChunk };
        return new(
            hasRoom || _last is null ? _filled : _filled.Add(_last),
            hasRoom ? _last!.Append(slot) : RequestChunk.Of([slot], RequestChunk.FirstCapacity).After(_last),
            Count + 1,
            _handMadeRemembered + (slot.IsTimed ? 0 : 1),
            _forgotten,
            _horizonMs);
    }

    private IEnumerable<RequestSlot> Slots() => Chunks.SelectMany(chunk => chunk.Slots());
}
