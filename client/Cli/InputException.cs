namespace Snapshots.Client;

/// <summary>A text that a person gave is not what is needed there; the message says why, without the name of the place.</summary>
internal sealed class InputException(string message) : Exception(message);
