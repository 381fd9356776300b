namespace Snapshots.Scripts;

/// <summary>Tokens of one colour on their way from one process to another.</summary>
/// <param name="Colour">The colour, an identifier.</param>
/// <param name="Amount">How many, at least 1.</param>
public sealed record TokenMessage(string Colour, long Amount);
