using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

[Alias("snapshots.tests.ILetterGrain")]
internal interface ILetterGrain : IGrainWithStringKey
{
    [Alias("deposit")]
    Task DepositAsync(long amount);

    /// <summary>Sends one letter for each amount, all in one step.</summary>
    [Alias("send")]
    Task SendAsync(ProcessId target, params long[] amounts);

    /// <summary>
    /// Sends one letter of that amount to each, a step each; gives the balance after each, none where there was no
    /// room.
    /// </summary>
    [Alias("send-to-all")]
    Task<ImmutableArray<string?>> SendToAllAsync(long amount, ImmutableArray<ProcessId> targets);

    /// <summary>The state as it is persisted.</summary>
    [Alias("get")]
    Task<LetterState> GetAsync();

    /// <summary>Ends the activation as soon as no call is running.</summary>
    [Alias("leave")]
    Task LeaveAsync();
}
