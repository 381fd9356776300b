using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>One transfer under its id: sent again, it moves its money once.</summary>
internal sealed record Transfer(RequestKey Key, ProcessId From, ProcessId To, Amount Amount);
