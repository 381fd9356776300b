namespace Snapshots.Grains;

/// <summary>
/// The stored state of a process is damaged: a part of it is missing, was changed, or has an unknown format. The
/// process does not start, and nothing is overwritten.
/// </summary>
[GenerateSerializer]
[Alias("snapshots.damaged-state")]
public sealed class DamagedStateException : Exception
{
    /// <summary>Names the process and what is missing or changed, in one line.</summary>
    /// <param name="process">The process.</param>
    /// <param name="damage">What is missing or changed, as a clause: <c>entry 7 is missing</c>.</param>
    public DamagedStateException(GrainId process, string damage)
        : base($"The stored state of {process} is damaged: {damage}.") => Damage = damage;

    /// <summary>What is missing or changed, as a clause: what a process stores of its damage.</summary>
    [Id(0)]
    public string Damage { get; }
}
