using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Makes timed keys, for clients: see <see cref="RequestKey"/>.</summary>
public static class RequestKeys
{
    /// <summary>Makes a new key of the present time, which no other call makes.</summary>
    public static RequestKey New(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        return Create(time.GetUtcNow(), BinaryPrimitives.ReadUInt64LittleEndian(random));
    }

    /// <summary>Makes the key of that time, cut to milliseconds, and those random bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is before 1970.</exception>
    public static RequestKey Create(DateTimeOffset time, ulong random) =>
        RequestKey.Create(time.ToUnixTimeMilliseconds(), random);

    /// <summary>
    /// A fingerprint of a request that is written out as text: the first 64 bits of its SHA-256. Write out all that
    /// makes two requests different, and never change how.
    /// </summary>
    public static ulong Fingerprint(FormattableString request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return BinaryPrimitives.ReadUInt64BigEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant(request))));
    }
}
