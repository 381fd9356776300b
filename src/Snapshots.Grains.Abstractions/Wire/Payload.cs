using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// A local state or a message as the application's serializer wrote it. The collector stores payloads without looking
/// inside, so that one collector serves every application.
/// </summary>
/// <param name="bytes">The serialized form.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.payload")]
public readonly struct Payload(ReadOnlyMemory<byte> bytes) : IEquatable<Payload>
{
    /// <summary>The serialized form; not to be changed.</summary>
    [Id(0)]
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <inheritdoc/>
    public bool Equals(Payload other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Payload other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Bytes.Length;

    /// <summary>Whether the bytes are the same.</summary>
    public static bool operator ==(Payload left, Payload right) => left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    public static bool operator !=(Payload left, Payload right) => !left.Equals(right);
}

/// <summary>The local state of a process as the collector stores it.</summary>
/// <param name="State">The application's state.</param>
/// <param name="Requests">The memory of request keys, in a form that only the library reads.</param>
public readonly record struct StatePayload(Payload State, Payload Requests)
{
    /// <summary>
    /// The last events of the process when it reported, the oldest first; empty unless it has a flight recorder. The
    /// certificate says nothing of them.
    /// </summary>
    public ImmutableArray<FlightEvent> Flight { get; init; } = [];
}
