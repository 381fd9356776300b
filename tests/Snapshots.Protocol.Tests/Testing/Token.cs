namespace Snapshots.Protocol.Tests;

/// <summary>A token on its way.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Hops">How often its receiver passes it on at once.</param>
internal readonly record struct Token(int Id, int Hops);
