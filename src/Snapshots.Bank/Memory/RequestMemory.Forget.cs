using System.Collections.Immutable;

namespace Snapshots.Bank;

/// <content>Forgetting.</content>
public sealed partial class RequestMemory
{
    /// <summary>Bits for the place of a candidate beside its time, which has 48.</summary>
    private const int PlaceBits = 12;

    /// <summary>The rank of a key without a time; that of any other is its time and one.</summary>
    private const long HandMadeRank = 0;

    /// <summary>Forgets as the type's remarks say. Chunks that lose nothing stay the same objects.</summary>
    private RequestMemory Forget()
    {
        Span<ulong> order = stackalloc ulong[BankLimits.MaxRememberedRequests + 1 - BankLimits.RememberedRequests];
        order = order[..RankCandidates(order)];
        order.Sort();
        Span<bool> isForgotten = stackalloc bool[BankLimits.MaxRememberedRequests + 1];
        isForgotten = isForgotten[..Count];
        var handMade = 0;
        var horizonMs = _horizonMs;
        foreach (var each in order[..BankLimits.ForgottenAtOnce])
        {
            isForgotten[(int)(each & ((1 << PlaceBits) - 1))] = true;
            var rank = (long)(each >> PlaceBits);
            if (rank == HandMadeRank) handMade++;
            else horizonMs = Math.Max(horizonMs, rank - 1);
        }

        var kept = Keep(isForgotten);
        return new(
            kept[..^1],
            kept[^1],
            Count - BankLimits.ForgottenAtOnce,
            _handMadeRemembered - handMade,
            handMade == 0 ? _forgotten : _forgotten.Add(HandMadeTokens(isForgotten)),
            horizonMs);
    }

    /// <summary>
    /// Ranks all but the last to arrive, which are remembered in any case: in the upper bits the time of a key, hand-made ones before
    /// all times; in the lower ones the place, in order of arrival. In this order they are forgotten. Returns how many there are.
    /// </summary>
    private int RankCandidates(Span<ulong> ranks)
    {
        var candidates = Count - BankLimits.RememberedRequests;
        var place = 0;
        foreach (var chunk in Chunks)
        {
            for (var index = 0; index < chunk.Count && place < candidates; index++, place++)
            {
                var stamp = chunk.Stamp(index);
                var rank = RequestSlot.HasNoTime(stamp) ? HandMadeRank : RequestSlot.TimeOf(stamp) + 1;
                ranks[place] = ((ulong)rank << PlaceBits) | (uint)place;
            }
        }

        return candidates;
    }

    /// <summary>The tokens of the hand-made keys among those that are forgotten, in order of arrival.</summary>
    private List<ulong> HandMadeTokens(ReadOnlySpan<bool> isForgotten)
    {
        var tokens = new List<ulong>();
        var place = 0;
        foreach (var slot in Slots())
        {
            if (isForgotten[place++] && !slot.IsTimed) tokens.Add(slot.Token);
        }

        return tokens;
    }

    /// <summary>
    /// The chunks without what is forgotten. Neighbours that fit into one are joined, so any two neighbours hold more
    /// than one chunk's worth, and the number of chunks stays below twice what is needed.
    /// </summary>
    private ImmutableArray<RequestChunk> Keep(ReadOnlySpan<bool> isForgotten)
    {
        var kept = ImmutableArray.CreateBuilder<RequestChunk>(_filled.Length + 1);
        var start = 0;
        foreach (var chunk in Chunks)
        {
            var forgotten = isForgotten.Slice(start, chunk.Count);
            start += chunk.Count;
            var survivors = chunk.Count - forgotten.Count(true);
            if (survivors == 0) continue;
            if (kept.Count > 0 && kept[^1].Count + survivors <= BankLimits.RequestsPerChunk)
            {
                kept[^1] = RequestChunk.Of([.. kept[^1].Slots(), .. Survivors(chunk, forgotten)]).After(kept.Count > 1 ? kept[^2] : null);
            }
            else
            {
                var rest = survivors == chunk.Count ? chunk : RequestChunk.Of(Survivors(chunk, forgotten));
                kept.Add(rest.After(kept.Count > 0 ? kept[^1] : null));
            }
        }

        return kept.ToImmutable();
    }

    private static RequestSlot[] Survivors(RequestChunk chunk, ReadOnlySpan<bool> forgotten)
    {
        var survivors = new RequestSlot[forgotten.Count(false)];
        var count = 0;
        for (var index = 0; index < forgotten.Length; index++)
        {
            if (!forgotten[index]) survivors[count++] = chunk[index];
        }

        return survivors;
    }
}
