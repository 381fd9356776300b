namespace Snapshots.Simulator;

/// <summary>A transfer that is asked for.</summary>
/// <param name="Source">Who pays.</param>
/// <param name="Target">Who is paid.</param>
/// <param name="Amount">How much.</param>
internal readonly record struct SearchTransfer(int Source, int Target, long Amount);
