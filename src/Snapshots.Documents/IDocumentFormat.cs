using System.Text.Json;

namespace Snapshots.Documents;

/// <summary>How an application's states and messages stand in a <see cref="SnapshotDocument"/>.</summary>
/// <remarks>
/// <see cref="SnapshotVerifier"/> knows two forms of a state: <c>{"balance","deposited","withdrawn"}</c> and
/// <c>{"tokens"}</c>, each with any other fields beside; and of a message <c>type</c> (<c>transfer</c> or
/// <c>return</c>), <c>transferId</c> (which may be missing beside tokens) and <c>amount</c>. Same input, same output:
/// the digest covers what is written.
/// </remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public interface IDocumentFormat<TState, TMessage>
{
    /// <summary>Writes the state as one JSON value, braces included.</summary>
    void WriteState(Utf8JsonWriter writer, TState state);

    /// <summary>Writes the fields of a message into an open object that has its <c>sequence</c> already.</summary>
    void WriteMessage(Utf8JsonWriter writer, TMessage message);

    /// <summary>What the state adds to the totals; the same numbers as <see cref="WriteState"/> shows.</summary>
    Figures FiguresOf(TState state);

    /// <summary>What the message carries, in the unit of <see cref="Figures.Balance"/>.</summary>
    long InTransit(TMessage message);
}
