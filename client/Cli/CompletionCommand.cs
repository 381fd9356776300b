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
            : throw new InputException($"'{text}' is not one of {string.Join(", ", CompletionScripts.Shells)}");
}

/// <summary>
/// The completion scripts. Each calls the program with the suggest directive of System.CommandLine, so none goes stale.
/// </summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # snapshots completion for bash: source <(snapshots completion bash)
        _snapshots() {
            local word="${COMP_WORDS[COMP_CWORD]}" IFS=$'\n'
            COMPREPLY=($(compgen -W "$(snapshots "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _snapshots snapshots

        """;

    private const string Zsh = """
        #compdef snapshots
        # snapshots completion for zsh: source <(snapshots completion zsh)
        _snapshots() {
            local -a found
            found=("${(@f)$(snapshots "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- $found || _files
        }
        compdef _snapshots snapshots

        """;

    private const string Fish = """
        # snapshots completion for fish: snapshots completion fish | source
        function __snapshots
            set -l line (commandline -cp)
            snapshots "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c snapshots -a '(__snapshots)'

        """;

    private const string PowerShell = """
        # snapshots completion for PowerShell: snapshots completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName snapshots -ScriptBlock {
            param($word, $commandAst, $position)
            snapshots "[suggest:$position]" "$commandAst" 2>$null |
                Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;

    /// <summary>The supported shells.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>Returns the script for one of <see cref="Shells"/>.</summary>
    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        "pwsh" => PowerShell,
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "no such shell"),
    };
}
