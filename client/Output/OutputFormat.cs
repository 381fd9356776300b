namespace Snapshots.Client;

/// <summary>In which form data goes to stdout.</summary>
internal enum OutputFormat
{
    /// <summary>For a person.</summary>
    Table,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>One JSON value a line: one for each item of a list.</summary>
    JsonLines,
}
