using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The binary form of what changed in a memory of requests. A checkpoint holds the changes since the empty memory, an
/// entry of a journal those since the entry before.
/// </summary>
/// <remarks>
/// <code>
/// form (1), horizon + 1 (0 for none), timed keys, hand-made keys; each of the two:
///   number of runs that are forgotten; each: distance from the end of the run before, length
///   number of requests that are added; each:
///     twice the distance from the time before (at first from 0), plus one if it is earlier
///     0 for the outcome of the request before, or its length + 1 and its bytes
///     8 bytes fingerprint, 8 bytes of the key, 8 upper bytes of a hand-made key
/// </code>
/// A timed key takes 18 to 20 bytes as long as the outcomes are the same.
/// </remarks>
internal static class RequestMemoryCodec
{
    private const byte Form = 1;
    private const int HalfBits = 64;

    public static void Write(RecordWriter writer, RequestChanges changes)
    {
        writer.WriteByte(Form);
        writer.WriteNumber(changes.HorizonMs is { } horizonMs ? horizonMs + 1 : 0);
        Write(writer, changes.Timed, isWide: false);
        Write(writer, changes.HandMade, isWide: true);
    }

    /// <summary>Writes a whole memory.</summary>
    public static void WriteWhole(RecordWriter writer, RequestMemory memory) =>
        Write(writer, memory.ChangesSince(RequestMemory.Empty));

    /// <summary>Reads what <see cref="WriteWhole"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static RequestMemory ReadWhole(ref RecordReader reader)
    {
        var changes = Read(ref reader);
        try
        {
            return RequestMemory.Empty.Apply(changes);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"a stored memory of requests is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>Reads what <see cref="ToPayload"/> made.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static RequestMemory FromPayload(Payload payload)
    {
        var reader = new RecordReader(payload.Bytes.Span);
        return ReadWhole(ref reader);
    }

    /// <summary>The whole memory as a local report carries it.</summary>
    public static Payload ToPayload(RequestMemory memory)
    {
        var writer = new RecordWriter();
        WriteWhole(writer, memory);
        return new(writer.WrittenMemory);
    }

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static RequestChanges Read(ref RecordReader reader)
    {
        var form = reader.ReadByte();
        if (form != Form) throw new InvalidDataException($"a memory of requests of form {form} is not known");
        var horizon = reader.ReadNumber();
        var timed = ReadKeys(ref reader, isWide: false);
        return new(horizon == 0 ? null : horizon - 1, timed, ReadKeys(ref reader, isWide: true));
    }

    private static void Write(RecordWriter writer, KeyChanges changes, bool isWide)
    {
        var end = 0;
        writer.WriteNumber(changes.Forgotten.Length);
        foreach (var run in changes.Forgotten)
        {
            writer.WriteNumber(run.Start - end);
            writer.WriteNumber(run.Count);
            end = run.End;
        }

        var (timeMs, outcome) = (0L, ImmutableArray<byte>.Empty);
        writer.WriteNumber(changes.Added.Length);
        foreach (var request in changes.Added)
        {
            var distance = request.TimeMs - timeMs;
            writer.WriteNumber(distance < 0 ? (-2 * distance) + 1 : 2 * distance);
            if (request.Outcome.AsSpan().SequenceEqual(outcome.AsSpan()))
            {
                writer.WriteNumber(0);
            }
            else
            {
                writer.WriteNumber(request.Outcome.Length + 1);
                request.Outcome.AsSpan().CopyTo(writer.GetSpan(request.Outcome.Length));
                writer.Advance(request.Outcome.Length);
            }

            writer.WriteFixed(request.Fingerprint);
            writer.WriteFixed(unchecked((ulong)request.Key));
            if (isWide) writer.WriteFixed((ulong)(request.Key >> HalfBits));
            (timeMs, outcome) = (request.TimeMs, request.Outcome);
        }
    }

    private static KeyChanges ReadKeys(ref RecordReader reader, bool isWide)
    {
        var forgotten = new KeyRun[reader.ReadCount()];
        for (var (index, end) = (0, 0); index < forgotten.Length; end = forgotten[index++].End)
        {
            forgotten[index] = new(Place(end + reader.ReadNumber()), Place(reader.ReadNumber()));
            _ = Place((long)forgotten[index].Start + forgotten[index].Count);
        }

        var added = new RememberedRequest[reader.ReadCount()];
        var (timeMs, outcome) = (0L, ImmutableArray<byte>.Empty);
        for (var index = 0; index < added.Length; index++)
        {
            var distance = reader.ReadNumber();
            timeMs = unchecked(timeMs + (long.IsOddInteger(distance) ? -(distance / 2) : distance / 2));
            var length = reader.ReadCount();
            if (length > 0) outcome = [.. reader.ReadBytes(length - 1)];
            var fingerprint = reader.ReadFixed();
            var low = reader.ReadFixed();
            added[index] = new(new UInt128(isWide ? reader.ReadFixed() : 0, low), timeMs, fingerprint, outcome);
        }

        return new([.. forgotten], [.. added]);
    }

    private static int Place(long place) =>
        place <= RequestLimits.MostHandMadeKeys
            ? (int)place
            : throw new InvalidDataException($"no memory has {place} requests");
}
