using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary><c>expect s1 channel P Q 1 2</c>: the state of a channel in a snapshot.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Snapshot">A snapshot that has begun.</param>
/// <param name="Channel">An open channel.</param>
/// <param name="Amounts">
/// The amounts that are to be in transit at the cut, in order; none when it is to be empty.
/// </param>
public sealed record ExpectChannelStep(int Line, SnapshotId Snapshot, ChannelId Channel, ImmutableArray<long> Amounts)
    : ScriptStep(Line);
