using System.Buffers.Binary;
using System.Security.Cryptography;
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
}
