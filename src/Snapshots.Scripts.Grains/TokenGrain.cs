using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Scripts.Grains;

/// <summary>Hosts one process of a script; its channels are directed, as the script declares them.</summary>
[SnapshotProcess(Application)]
internal sealed class TokenGrain(ProcessServices services)
    : ProcessGrain<TokenState, TokenMessage>(services, TokenApplication.Instance), ITokenGrain
{
    /// <summary>The application's name among those that snapshots are taken of.</summary>
    public const string Application = "tokens";

    protected override ChannelOpening Opening => ChannelOpening.Directed;

    public Task IssueAsync(long tokens) => StepAsync(state => new Step<TokenState, TokenMessage, bool>(
        true, new Reaction<TokenState, TokenMessage>(state.Issue(TokenApplication.PlainColour, tokens))));

    public Task OpenAsync(ProcessId target) => OpenChannelAsync(target);

    public Task<bool> SendAsync(ProcessId target, long amount) => StepAsync(state =>
        state.Of(TokenApplication.PlainColour) < amount
            ? new Step<TokenState, TokenMessage, bool>(false, null)
            : new(true, TokenApplication.Send(state, target, TokenApplication.PlainColour, amount)));

    public Task<long> GetTokensAsync() => Task.FromResult(Read(state => state.Tokens));
}
