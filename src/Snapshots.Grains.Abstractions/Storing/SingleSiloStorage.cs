namespace Snapshots.Grains;

/// <summary>
/// A service of a silo whose grain storage no other silo can read. Such a silo must be the only one of its cluster: a
/// grain that moved to another silo would find nothing of its state.
/// </summary>
/// <param name="Name">The storage, for people: <c>SQLite</c>.</param>
public sealed record SingleSiloStorage(string Name);
