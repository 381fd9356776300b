namespace Snapshots.Grains;

/// <summary>
/// One event of an inbox stream: frames, acknowledgements and notices for one process, in the format of the frame
/// codec.
/// </summary>
/// <param name="body">The encoded content.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.packet")]
public sealed class Packet(ReadOnlyMemory<byte> body)
{
    /// <summary>The encoded content; not to be changed.</summary>
    [Id(0)]
    public ReadOnlyMemory<byte> Body { get; } = body;
}
