using System.Collections.Immutable;

namespace Snapshots.Bank;

/// <content>Forgetting.</content>
public sealed partial class RequestMemory
{
    /// <summary>Forgets as the type's remarks say. Chunks that lose nothing stay the same objects.</summary>
    private RequestMemory Forget()
    {
        var candidates = Slots().Take(Count - BankLimits.RememberedRequests).ToArray();
        var order = Enumerable.Range(0, candidates.Length)
            .OrderBy(index => candidates[index].IsTimed)
            .ThenBy(index => candidates[index].IsTimed ? candidates[index].TimeMs : 0)
            .ThenBy(index => index)
            .Take(BankLimits.ForgottenAtOnce)
            .ToArray();

        var isForgotten = new bool[Count];
        var handMade = new List<ulong>();
        var horizonMs = _horizonMs;
        foreach (var index in order)
        {
            isForgotten[index] = true;
            if (candidates[index].IsTimed) horizonMs = Math.Max(horizonMs, candidates[index].TimeMs);
            else handMade.Add(candidates[index].Token);
        }

        var kept = Keep(isForgotten);
        return new(
            kept[..^1],
            kept[^1],
            Count - order.Length,
            _handMadeRemembered - handMade.Count,
            _forgotten.Add(handMade),
            horizonMs);
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
            var place = start;
            start += chunk.Count;
            var survivors = chunk.Slots().Where((_, index) => !isForgotten[place + index]).ToArray();
            if (survivors.Length == 0) continue;
            var unchanged = survivors.Length == chunk.Count;
            if (kept.Count > 0 && kept[^1].Count + survivors.Length <= BankLimits.RequestsPerChunk)
            {
                kept[^1] = RequestChunk.Of([.. kept[^1].Slots(), .. survivors]).After(kept.Count > 1 ? kept[^2] : null);
            }
            else
            {
                kept.Add((unchanged ? chunk : RequestChunk.Of(survivors)).After(kept.Count > 0 ? kept[^1] : null));
            }
        }

        return kept.ToImmutable();
    }
}
