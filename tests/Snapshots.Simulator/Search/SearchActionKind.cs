namespace Snapshots.Simulator;

/// <summary>What may happen next in a search.</summary>
internal enum SearchActionKind
{
    /// <summary>A snapshot gets its number, and its collector the members.</summary>
    Begin,

    /// <summary>A process registers and joins.</summary>
    Join,

    /// <summary>A client asks for its next transfer.</summary>
    Request,

    /// <summary>An initiator is asked to record.</summary>
    Record,

    /// <summary>A frame comes.</summary>
    Deliver,

    /// <summary>A frame comes, and will come again.</summary>
    Repeat,

    /// <summary>A frame is lost.</summary>
    Lose,

    /// <summary>An acknowledgement comes.</summary>
    Acknowledge,

    /// <summary>An acknowledgement is lost.</summary>
    LoseAcknowledgement,

    /// <summary>A report comes to its collector.</summary>
    Report,

    /// <summary>A report is lost.</summary>
    LoseReport,

    /// <summary>A process sends its reports again.</summary>
    ReportAgain,

    /// <summary>A process sends the unacknowledged frames of a channel again.</summary>
    Resend,

    /// <summary>A process with an open recording learns that a snapshot has ended.</summary>
    Learn,

    /// <summary>A snapshot is aborted.</summary>
    Abort,

    /// <summary>A write takes effect.</summary>
    Write,

    /// <summary>The effects of what is written are performed.</summary>
    Perform,

    /// <summary>A process loses what is not written and starts again.</summary>
    Crash,
}
