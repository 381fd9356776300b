using System.Collections.Immutable;

namespace Snapshots.Bank;

/// <content>What changed between two memories of one account. Chunks are shared by reference, so what is the same is seen at once.</content>
public sealed partial class RequestMemory
{
    /// <summary>What makes this memory out of an earlier one; its arrays are the memory's own and must not be changed.</summary>
    internal MemoryDifference DifferenceTo(RequestMemory @base)
    {
        var (present, earlier) = (Chunks, @base.Chunks);
        var places = new int[present.Length];
        var chunks = new byte[]?[present.Length];
        var from = 0;
        for (var index = 0; index < present.Length; index++)
        {
            (places[index], chunks[index]) = Place(present[index], earlier, from);
            from = Math.Max(from, places[index] + 1); // Chunks keep their order.
        }

        var forgotten = _forgotten.Stored;
        var shared = _forgotten.SharedBlocks(@base._forgotten);
        return new MemoryDifference
        {
            HorizonMs = _horizonMs == NoHorizon ? null : _horizonMs,
            Places = places,
            Chunks = chunks,
            ForgottenShared = shared,
            Forgotten = forgotten[shared..],
        };
    }

    /// <summary>The memory that differs from this one as that says.</summary>
    /// <exception cref="FormatException">It is no difference to this memory.</exception>
    /// <exception cref="ArgumentException">It would hold more than a memory can.</exception>
    internal RequestMemory Change(MemoryDifference difference)
    {
        if (difference.Places is null || difference.Chunks is null || difference.Places.Length != difference.Chunks.Length)
        {
            throw new FormatException("a difference lacks chunks");
        }

        var earlier = Chunks;
        var chunks = difference.Places.Select((place, index) => ChunkAt(place, difference.Chunks[index], earlier)).ToArray();
        var forgotten = _forgotten.Stored;
        if (difference.ForgottenShared < 0 || difference.ForgottenShared > forgotten.Length)
        {
            throw new FormatException("a difference shares forgotten keys that are not there");
        }

        return Assemble(chunks, ForgottenKeys.Read([.. forgotten[..difference.ForgottenShared], .. difference.Forgotten]), difference.HorizonMs);
    }

    private static (int Place, byte[]? Chunk) Place(RequestChunk chunk, ImmutableArray<RequestChunk> earlier, int from)
    {
        for (var place = from; place < earlier.Length; place++)
        {
            if (ReferenceEquals(earlier[place], chunk)) return (place, null);
        }

        return from < earlier.Length && chunk.HasGrownFrom(earlier[^1])
            ? (earlier.Length - 1, chunk.ToStored(earlier[^1].Count))
            : (-1, chunk.ToStored());
    }

    private static RequestChunk ChunkAt(int place, byte[]? bytes, ImmutableArray<RequestChunk> earlier)
    {
        if (place < 0) return RequestChunk.Read(bytes ?? throw new FormatException("a new chunk is missing"));
        if (place >= earlier.Length) throw new FormatException($"there is no chunk {place} in the base");
        return bytes is null ? earlier[place] : RequestChunk.Of([.. earlier[place].Slots(), .. RequestChunk.Read(bytes).Slots()]);
    }
}
