using System.Numerics;

namespace Snapshots.Simulator;

/// <summary>What a whole search saw. The same on every machine.</summary>
/// <param name="Schedules">Schedules from the start to an end, each a path through the states.</param>
/// <param name="States">Different states.</param>
/// <param name="Transitions">Events tried, each in one state.</param>
/// <param name="Ends">Different states in which nothing can happen any longer.</param>
/// <param name="Longest">Events of the longest schedule.</param>
/// <param name="Cuts">How many transitions completed a snapshot.</param>
internal sealed record SearchFigures(BigInteger Schedules, int States, long Transitions, int Ends, int Longest, long Cuts);
