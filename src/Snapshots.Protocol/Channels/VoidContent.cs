namespace Snapshots.Protocol;

/// <summary>
/// What is left of markers whose snapshots have ended: their numbers, which must still be passed in order. A run of
/// them is one frame, else many aborted snapshots would leave as many frames waiting for one process that is away.
/// </summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed record VoidContent<TMessage> : FrameContent<TMessage>;
