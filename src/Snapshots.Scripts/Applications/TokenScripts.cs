using System.Globalization;

namespace Snapshots.Scripts;

/// <summary>Scripts about tokens; see <see cref="TokenApplication"/>.</summary>
public sealed class TokenScripts : ScriptApplication<TokenState, TokenMessage>
{
    internal const string ApplicationName = "tokens";

    private TokenScripts()
    {
    }

    /// <summary>The only instance that is needed.</summary>
    public static TokenScripts Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => ApplicationName;

    /// <inheritdoc/>
    public override IApplication<TokenState, TokenMessage> Protocol => TokenApplication.Instance;

    /// <inheritdoc/>
    public override string Property => string.Empty;

    /// <inheritdoc/>
    public override IEnumerable<ProcessId> Find(GlobalState<TokenState, TokenMessage> state) => [];

    /// <inheritdoc/>
    public override string Describe(TokenState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Text(state.Tokens);
    }

    /// <inheritdoc/>
    public override string Describe(TokenMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Text(message.Amount);
    }

    /// <inheritdoc/>
    protected override Step<TokenState, TokenMessage, string?> Decide(ProcessId self, TokenState state, string[] words)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(words);
        var amount = long.Parse(words[^1], CultureInfo.InvariantCulture);
        if (words[0] == "process") return new(null, new(state.Issue(TokenApplication.PlainColour, amount)));
        var held = state.Of(TokenApplication.PlainColour);
        return held < amount
            ? new($"{self} holds {held} and cannot send {amount}", null)
            : new(null, TokenApplication.Send(state, new(words[1]), TokenApplication.PlainColour, amount));
    }

    private static string Text(long tokens) => tokens.ToString(CultureInfo.InvariantCulture);
}
