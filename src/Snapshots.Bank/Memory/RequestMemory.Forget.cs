using System.Collections.Immutable;

namespace Snapshots.Bank;

/// <content>Forgetting.</content>
public sealed partial class RequestMemory
{
    /// <summary>Bits for the place of a candidate beside its time, which has 48.</summary>
    private const int PlaceBits = 12;

    /// <summary>Forgets as the type's remarks say. Chunks that lose nothing stay the same objects.</summary>
    private RequestMemory Forget()
    {
        var candidates = Candidates();
        var isForgotten = new bool[Count];
        var handMade = new List<ulong>();
        var horizonMs = _horizonMs;
        foreach (var place in PlacesToForget(candidates))
        {
            isForgotten[place] = true;
            if (candidates[place].IsTimed) horizonMs = Math.Max(horizonMs, candidates[place].TimeMs);
            else handMade.Add(candidates[place].Token);
        }

        var kept = Keep(isForgotten);
        return new(
            kept[..^1],
            kept[^1],
            Count - BankLimits.ForgottenAtOnce,
            _handMadeRemembered - handMade.Count,
            _forgotten.Add(handMade),
            horizonMs);
    }

    /// <summary>All but the last to arrive, which are remembered in any case; in order of arrival.</summary>
    private RequestSlot[] Candidates()
    {
        var candidates = new RequestSlot[Count - BankLimits.RememberedRequests];
        var rest = candidates.AsSpan();
        foreach (var chunk in Chunks)
        {
            var slots = chunk.Slots().AsSpan();
            slots = slots[..Math.Min(slots.Length, rest.Length)];
            slots.CopyTo(rest);
            rest = rest[slots.Length..];
            if (rest.IsEmpty) break;
        }

        return candidates;
    }

    /// <summary>The hand-made keys in order of arrival, then the timed ones in order of their times, those of one time in order of arrival.</summary>
    private static IEnumerable<int> PlacesToForget(RequestSlot[] candidates)
    {
        var order = new ulong[candidates.Length];
        for (var place = 0; place < order.Length; place++)
        {
            var rank = candidates[place].IsTimed ? (ulong)candidates[place].TimeMs + 1 : 0;
            order[place] = (rank << PlaceBits) | (uint)place;
        }

        Array.Sort(order);
        return order.Take(BankLimits.ForgottenAtOnce).Select(each => (int)(each & ((1 << PlaceBits) - 1)));
    }

    /// <summary>
    /// The chunks without what is forgotten. Neighbours that fit into one are joined, so any two neighbours hold more
    /// than one chunk's worth, and the number of chunks stays below twice what is needed.
    /// </summary>
    private ImmutableArray<RequestChunk> Keep(bool[] isForgotten)
    {
        var kept = ImmutableArray.CreateBuilder<RequestChunk>(_filled.Length + 1);
        var start = 0;
        foreach (var chunk in Chunks)
        {
            var forgotten = isForgotten.AsSpan(start, chunk.Count);
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
        var survivors = new List<RequestSlot>(chunk.Count);
        foreach (var slot in chunk.Slots())
        {
            if (!forgotten[0]) survivors.Add(slot);
            forgotten = forgotten[1..];
        }

        return [.. survivors];
    }
}
