namespace Snapshots.Protocol.Tests;

/// <summary>One event in the history of a process: what it delivered, if anything, and what it sent.</summary>
internal sealed record TokenEvent(ProcessId? Source, Token Delivered, ImmutableArray<Outgoing<Token>> Sent);
