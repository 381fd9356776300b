using System.Text.Json;

namespace Snapshots.Faults.Tests;

/// <summary>What a command left.</summary>
internal sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonElement.Parse(Output);

    public long Number(string name) => Json.GetProperty(name).GetInt64();

    public override string ToString() => $"{CommandLine}: exit {ExitCode}\n{Output}\n{Error}";
}
