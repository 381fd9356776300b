using Snapshots.Protocol;

namespace Snapshots.Scripts.Grains;

/// <summary>A process of a script, hosted by a real grain.</summary>
[Alias("snapshots.simulation.ITokenGrain")]
internal interface ITokenGrain : IGrainWithStringKey
{
    /// <summary>Gives the process the tokens that it starts with.</summary>
    [Alias("issue")]
    Task IssueAsync(long tokens);

    /// <summary>Opens the directed channel to a process.</summary>
    [Alias("open-channel")]
    Task OpenAsync(ProcessId target);

    /// <summary>Debits tokens and sends them. False, and nothing happens, when the process holds less.</summary>
    [Alias("send")]
    Task<bool> SendAsync(ProcessId target, long amount);

    /// <summary>The tokens that the process holds.</summary>
    [Alias("get")]
    Task<long> GetTokensAsync();
}
