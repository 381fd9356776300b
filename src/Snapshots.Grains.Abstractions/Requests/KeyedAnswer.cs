using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The answer to a request that came with a key. Immutable if the result is; equal by content.</summary>
/// <typeparam name="TResult">What the application answers.</typeparam>
/// <param name="Standing">
/// What the process knew of the key: <see cref="KeyStanding.New"/> if the request was executed now,
/// <see cref="KeyStanding.Duplicate"/> if it was executed before. At any other, nothing was executed.
/// </param>
/// <param name="Result">
/// What the execution gave, now or then; <c>default</c> if nothing was executed.
/// </param>
[GenerateSerializer]
[Alias("snapshots.keyed-answer`1")]
public readonly record struct KeyedAnswer<TResult>(
    [property: Id(0)] KeyStanding Standing, [property: Id(1)] TResult? Result)
{
    /// <summary>
    /// The epoch of the process when it answered. A client that has seen a newer one drops the answer and repeats the
    /// request: a restore has discarded what it says.
    /// </summary>
    [Id(2)]
    public Epoch Epoch { get; init; }

    /// <summary>Whether the request was executed, now or before, so that there is a result.</summary>
    public bool IsExecuted => Standing is KeyStanding.New or KeyStanding.Duplicate;
}
