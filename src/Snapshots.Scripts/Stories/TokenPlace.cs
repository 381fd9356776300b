namespace Snapshots.Scripts;

/// <summary>Where a snapshot saw tokens.</summary>
/// <param name="Colour">Their colour.</param>
/// <param name="Amount">How many, at least 1.</param>
/// <param name="Where">A process, such as <c>P</c>, or a channel, such as <c>P->Q</c>.</param>
/// <param name="InChannel">Whether they were in transit on a channel.</param>
public sealed record TokenPlace(string Colour, long Amount, string Where, bool InChannel);
