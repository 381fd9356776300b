namespace Snapshots.Grains;

/// <summary>
/// Marks a method, or an interface, of the snapshot machinery that a client may call through a gateway. A silo refuses a client's call of
/// any other method of the machinery: those are for silos, and one call of them can spoil every later snapshot.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Interface)]
public sealed class ForClientsAttribute : Attribute;
