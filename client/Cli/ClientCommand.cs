using System.CommandLine;

namespace Snapshots.Client;

/// <summary>A command that does something. Its arguments and options are its own; the global ones come with each run.</summary>
internal abstract class ClientCommand : Command
{
    protected ClientCommand(string name, string description, CommandContext context)
        : base(name, description) =>
        SetAction((parsed, interrupted) => RunAsync(new CommandRun(context, parsed, interrupted)));

    /// <summary>Does it; returns the exit code.</summary>
    protected abstract Task<int> RunAsync(CommandRun run);
}
