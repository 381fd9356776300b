namespace Snapshots.Documents;

/// <summary>
/// Renders an application's states and messages as JSON: in documents, in queries, in whatever a person reads.
/// </summary>
/// <remarks>
/// Without one of its own, an application is rendered by <see cref="JsonFormat{TState, TMessage}"/>. A singleton
/// service of the silo takes its place. Same input, same output: digests cover what is written, so nothing may depend
/// on a clock, a culture, or the order in which a hash table lists its items. Safe for concurrent use.
/// </remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public interface IDocumentFormat<TState, TMessage>
{
    /// <summary>Writes the state as one JSON value, braces included.</summary>
    void WriteState(Utf8JsonWriter writer, TState state);

    /// <summary>Writes the fields of a message into an open object; none is called <c>sequence</c>.</summary>
    void WriteMessage(Utf8JsonWriter writer, TMessage message);
}

/// <summary>
/// The format of an application with money or tokens: the certificate of its documents states totals, and whether they
/// are conserved.
/// </summary>
/// <remarks>
/// <see cref="SnapshotVerifier"/> knows two forms of such a state: <c>{"balance","deposited","withdrawn"}</c> and
/// <c>{"tokens"}</c>, each with any further fields. Of a message it knows <c>type</c> (<c>transfer</c> or
/// <c>return</c>), <c>transferId</c> (optional with tokens) and <c>amount</c>.
/// </remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public interface IMoneyFormat<TState, TMessage> : IDocumentFormat<TState, TMessage>
{
    /// <summary>What the state adds to the totals; the same numbers as the rendered state shows.</summary>
    Figures FiguresOf(TState state);

    /// <summary>What the message carries, in the unit of <see cref="Figures.Balance"/>.</summary>
    long InTransit(TMessage message);
}
