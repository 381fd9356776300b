using System.CommandLine;

namespace Snapshots.Client;

/// <summary><c>completion bash|zsh|fish|pwsh</c>.</summary>
internal sealed class CompletionCommand : ClientCommand
{
    private readonly Argument<string> _shell = Inputs.Argument("SHELL", "bash, zsh, fish or pwsh", ReadShell);

    public CompletionCommand(CommandContext context)
        : base("completion", "Print a completion script for a shell.", context)
    {
        _shell.CompletionSources.Add([.. CompletionScripts.Shells]);
        Add(_shell);
    }

    protected override Task<int> RunAsync(CommandRun run)
    {
        var (shell, script) = (run.Get(_shell), CompletionScripts.Of(run.Get(_shell)));
        return Task.FromResult(run.Terminal.ShowObject(
            writer =>
            {
                writer.WriteString("shell", shell);
                writer.WriteString("script", script);
            },
            page => page.Raw(script)));
    }

    private static string ReadShell(string text) =>
        CompletionScripts.Shells.Contains(text)
            ? text
            : throw new InputException($"'{text}' is none of {string.Join(", ", CompletionScripts.Shells)}");
}
