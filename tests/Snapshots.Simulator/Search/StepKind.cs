namespace Snapshots.Simulator;

/// <summary>What a process takes, or does by itself, in one step of a search.</summary>
internal enum StepKind
{
    /// <summary>It joins; the value is an office.</summary>
    Join,

    /// <summary>A client asks for a transfer; the value is its place in the case.</summary>
    Request,

    /// <summary>It is asked to record; the value is an office, the other value a snapshot.</summary>
    Record,

    /// <summary>A frame comes; the value is its number.</summary>
    Frame,

    /// <summary>An acknowledgement comes; the value is its number.</summary>
    Acknowledgement,

    /// <summary>It learns what is open; the value is an office.</summary>
    Learn,

    /// <summary>The collector has a report; the value is its number.</summary>
    Accept,

    /// <summary>The channel to a process sends again; the value is the process.</summary>
    Resend,
}
