namespace Snapshots.Protocol.Tests;

/// <summary>The local state of a process that holds tokens.</summary>
/// <param name="Held">The tokens here.</param>
/// <param name="Events">
/// How many events brought the process here: the place of a cut in its history, told without the core.
/// </param>
internal sealed record TokenState(ImmutableSortedSet<int> Held, int Events);
