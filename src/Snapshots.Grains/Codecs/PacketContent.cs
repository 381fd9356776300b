using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>What one packet carries to one process.</summary>
internal sealed record PacketContent<TMessage>(
    IReadOnlyList<Frame<TMessage>> Frames,
    IReadOnlyList<Acknowledgement> Acknowledgements,
    IReadOnlyList<EpochNotice> Notices);
