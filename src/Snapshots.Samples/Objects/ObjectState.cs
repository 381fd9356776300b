namespace Snapshots.Samples;

/// <summary>The local state of one object. Immutable.</summary>
/// <param name="Root">Whether it acts by itself; every other object acts on messages only.</param>
/// <param name="Holds">The objects that it holds a reference to, in ordinal order.</param>
/// <param name="Created">The objects that it has created and that were not removed, in ordinal order.</param>
[GenerateSerializer]
[Alias("snapshots.objects.state")]
[Immutable]
public sealed record ObjectState(
    [property: Id(0)] bool Root,
    [property: Id(1)] ImmutableArray<ProcessId> Holds,
    [property: Id(2)] ImmutableArray<ProcessId> Created)
{
    /// <summary>An object that holds nothing.</summary>
    public static ObjectState Empty { get; } = new(Root: false, [], []);

    /// <summary>Whether both are roots or not, hold the same and created the same.</summary>
    public bool Equals(ObjectState? other) => other is not null
        && Root == other.Root && Holds.SequenceEqual(other.Holds) && Created.SequenceEqual(other.Created);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Root, Holds.Length, Created.Length);

    /// <summary><c>root, holds X</c>.</summary>
    public override string ToString() => $"{(Root ? "root, " : string.Empty)}holds {Ids.Describe(Holds)}";

    /// <summary>Whether it may send a reference: it holds the receiver, and holds the object or is it.</summary>
    internal bool MaySend(ProcessId self, ProcessId target, ProcessId given) =>
        Holds.Has(target) && given != target && (given == self || Holds.Has(given));
}

/// <summary>What an object tells another one. The numbers are stored.</summary>
[GenerateSerializer]
[Alias("snapshots.objects.message-kind")]
public enum ObjectMessageKind
{
    /// <summary>It gives the receiver a reference.</summary>
    Reference = 0,

    /// <summary>The receiver is to send a reference to a third object.</summary>
    TellSend = 1,

    /// <summary>The receiver is to drop a reference.</summary>
    TellDrop = 2,
}

/// <summary>A message from one object to another.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Named">The object that is given, or named; a name is no reference.</param>
/// <param name="Target">To whom the receiver is to send it, with <see cref="ObjectMessageKind.TellSend"/> only.</param>
[GenerateSerializer]
[Alias("snapshots.objects.message")]
[Immutable]
public sealed record ObjectMessage(
    [property: Id(0)] ObjectMessageKind Kind,
    [property: Id(1)] ProcessId Named,
    [property: Id(2)] ProcessId? Target = null);
