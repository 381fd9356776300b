using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>How a part of a collection stood when its collector asked.</summary>
/// <param name="Version">One more with each answer of one life.</param>
/// <param name="Standing">How it stood.</param>
internal sealed record PartAnswer(long Version, PartStanding Standing);
