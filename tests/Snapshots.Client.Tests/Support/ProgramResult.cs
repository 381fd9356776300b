using System.Text.Json;

namespace Snapshots.Client.Tests;

/// <summary>What a run of the program left.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    /// <summary>Stdout as one JSON document.</summary>
    public JsonElement Json => JsonElement.Parse(Output);

    /// <summary>The code of the error in the JSON document on stdout.</summary>
    public string? ErrorCode => Json.GetProperty("error").GetProperty("code").GetString();

    /// <summary>The message of the error in the JSON document on stdout.</summary>
    public string ErrorMessage => Json.GetProperty("error").GetProperty("message").GetString()!;

    /// <summary>Everything that there is, for a failed assertion.</summary>
    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Error}";
}
