using System.Buffers;

namespace Snapshots.Grains;

/// <summary>
/// How an application's state is stored as what changed since an earlier state, so that a commit costs what it changes
/// and not what the state has grown to. Optional: registered as a singleton service of the silo, it is used; without it
/// states are written whole. What it writes is stored, so it never changes. Safe for concurrent use.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
public interface IStateDifference<TState>
    where TState : notnull
{
    /// <summary>
    /// Writes what makes <paramref name="current"/> out of <paramref name="base"/>, an earlier state of the same
    /// process.
    /// </summary>
    void Write(TState @base, TState current, IBufferWriter<byte> output);

    /// <summary>Makes the state out of the same base and all that was written.</summary>
    /// <exception cref="FormatException">It was not written for that base, or is damaged.</exception>
    TState Read(TState @base, ReadOnlySpan<byte> difference);
}
