using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Snapshots.Silo.Settings;

namespace Snapshots.Silo;

/// <summary>
/// The command line. Values stay text here: <see cref="SiloSettings"/> reads those of all sources in one way.
/// </summary>
internal static class SiloCommand
{
    /// <summary>Parses the command line and runs what it asks for: the silo, the help or the version.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="run">Runs the silo until it is told to stop.</param>
    /// <exception cref="InvalidSettingException">An option is unknown or has a bad value.</exception>
    public static async Task<int> InvokeAsync(string[] args, Func<SiloSettings, Task> run)
    {
        var options = Setting.All.ToDictionary(setting => setting, CreateOption);
        var root = new RootCommand(
            "Runs one silo of the bank with consistent global snapshots, until SIGTERM or Ctrl-C.");
        foreach (var option in options.Values) root.Options.Add(option);
        // Nothing but the options is understood: no [suggest], and no @file. To the parser, a directive that is not there
        // is no error.
        root.Directives.Clear();
        root.SetAction(async (parsed, _) =>
        {
            await run(SiloSettings.Read(setting => parsed.GetValue(options[setting])));
            return 0;
        });

        var result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is ParseErrorAction)
            throw new InvalidSettingException($"{result.Errors[0].Message} Try --help.");
        if (result.Tokens.FirstOrDefault(token => token.Type == TokenType.Directive) is { } directive)
            throw new InvalidSettingException($"Unrecognized command or argument '{directive.Value}'. Try --help.");

        // The host handles signals and Program handles exceptions.
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await result.InvokeAsync(invocation);
    }

    private static Option<string?> CreateOption(Setting setting) => new(setting.Option)
    {
        HelpName = setting.ValueName,
        Description = $"{setting.Description} (default {setting.Default})",
    };
}
