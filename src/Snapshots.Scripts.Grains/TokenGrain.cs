using System.Collections.Immutable;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Scripts.Grains;

/// <summary>Hosts one process of a script; its channels are directed, as the script declares them.</summary>
[SnapshotProcess(Application)]
internal sealed class TokenGrain(ProcessServices services)
    : ProcessGrain<TokenState, TokenMessage>(services, TokenApplication.Instance), ITokenGrain
{
    /// <summary>The name of the application.</summary>
    public const string Application = "tokens";

    protected override ChannelOpening Opening => ChannelOpening.Directed;

    public Task IssueAsync(long tokens) => StepAsync(state => new Step<TokenState, TokenMessage, bool>(
        true, new Reaction<TokenState, TokenMessage>(state.Issue(TokenApplication.PlainColour, tokens))));

    public Task OpenAsync(ProcessId target) => OpenChannelAsync(target);

    public Task<bool> SendAsync(ProcessId target, long amount) => StepAsync(state =>
        state.Of(TokenApplication.PlainColour) < amount
            ? new Step<TokenState, TokenMessage, bool>(false, null)
            : new(true, TokenApplication.Send(state, target, TokenApplication.PlainColour, amount)));

    public Task<long> GetTokensAsync() => ReadAsync((state, _) => state.Tokens);
}

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

    /// <summary>Debits tokens and sends them. Returns false and does nothing when the process holds less.</summary>
    [Alias("send")]
    Task<bool> SendAsync(ProcessId target, long amount);

    /// <summary>The tokens that the process holds.</summary>
    [Alias("get")]
    Task<long> GetTokensAsync();
}

/// <summary>The wire and stored form of <see cref="TokenState"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.simulation.token-state")]
internal struct TokenStateSurrogate
{
    /// <summary>The colours held, in ordinal order.</summary>
    [Id(0)]
    public string[] Colours;

    /// <summary>How many of each.</summary>
    [Id(1)]
    public long[] Amounts;

    /// <summary>Tokens issued at the start.</summary>
    [Id(2)]
    public long Issued;
}

/// <summary>Converts <see cref="TokenState"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class TokenStateConverter : IConverter<TokenState, TokenStateSurrogate>
{
    /// <inheritdoc/>
    public TokenState ConvertFromSurrogate(in TokenStateSurrogate surrogate)
    {
        var amounts = surrogate.Amounts;
        return new TokenState(
            surrogate.Colours.Select((colour, index) => KeyValuePair.Create(colour, amounts[index]))
                .ToImmutableSortedDictionary(),
            surrogate.Issued);
    }

    /// <inheritdoc/>
    public TokenStateSurrogate ConvertToSurrogate(in TokenState value) => new()
    {
        Colours = [.. value.Held.Keys],
        Amounts = [.. value.Held.Values],
        Issued = value.Issued,
    };
}

/// <summary>The wire and stored form of <see cref="TokenMessage"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.simulation.token-message")]
internal struct TokenMessageSurrogate
{
    /// <summary>The colour.</summary>
    [Id(0)]
    public string Colour;

    /// <summary>How many.</summary>
    [Id(1)]
    public long Amount;
}

/// <summary>Converts <see cref="TokenMessage"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class TokenMessageConverter : IConverter<TokenMessage, TokenMessageSurrogate>
{
    /// <inheritdoc/>
    public TokenMessage ConvertFromSurrogate(in TokenMessageSurrogate surrogate) =>
        new(surrogate.Colour, surrogate.Amount);

    /// <inheritdoc/>
    public TokenMessageSurrogate ConvertToSurrogate(in TokenMessage value) =>
        new() { Colour = value.Colour, Amount = value.Amount };
}
