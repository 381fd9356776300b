namespace Snapshots.Storage;

/// <summary>What a row is stored under. Equal when both texts are equal, letter by letter.</summary>
/// <param name="StateName">The name of the state within its grain.</param>
/// <param name="GrainId">The text of the grain id: type and key.</param>
internal readonly record struct StorageKey(string StateName, string GrainId);
