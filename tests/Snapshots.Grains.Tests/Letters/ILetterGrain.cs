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

    /// <summary>The state as it is persisted.</summary>
    [Alias("get")]
    Task<LetterState> GetAsync();

    /// <summary>Ends the activation as soon as no call is running.</summary>
    [Alias("leave")]
    Task LeaveAsync();
}
