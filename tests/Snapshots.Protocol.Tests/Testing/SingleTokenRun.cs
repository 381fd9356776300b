namespace Snapshots.Protocol.Tests;

/// <summary>One run of <see cref="SingleToken"/>.</summary>
/// <param name="Recorded">What the snapshot recorded, if it completed.</param>
/// <param name="ConsumedAtTheStart">Whether the token was gone when the first process recorded.</param>
/// <param name="ConsumedAtTheEnd">Whether it was gone when the run ended.</param>
internal sealed record SingleTokenRun(GlobalState<string, string>? Recorded, bool ConsumedAtTheStart, bool ConsumedAtTheEnd);
