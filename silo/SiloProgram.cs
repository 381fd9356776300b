using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Snapshots.Bank.Hosting;
using Snapshots.Storage;

namespace Snapshots.Silo;

/// <summary>One run of the silo, from the checks before the start to the clean stop.</summary>
internal static class SiloProgram
{
    private static readonly TimeSpan ReadinessPollPeriod = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs a silo until the process is asked to stop. Prints one line on stdout when it is ready.</summary>
    /// <exception cref="StartupException">It cannot start; one line says why.</exception>
    /// <exception cref="DataDirectoryException">Its data directory cannot be used; one line says why.</exception>
    /// <exception cref="RedisException">Its Redis cannot be used; one line says why.</exception>
    public static async Task RunAsync(SiloSettings wanted)
    {
        using var signals = new StopSignals();
        // Both are checked before Orleans starts: its own errors about them are late and long.
        using var reservation = PortReservation.Reserve(wanted);
        await using var storage = await OpenStorageAsync(wanted);
        using var metrics = new SiloMetrics();
        var settings = reservation.Settings;
        var logs = new SiloLogs(settings.LogLevel);
        using var host = SiloHost.Build(settings, storage, metrics, logs);
        reservation.Dispose();

        var log = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Snapshots.Storage");
        foreach (var warning in storage.Warnings) SiloLogs.Dangerous(log, warning);

        try
        {
            await StartAsync(host, settings);
            logs.StartIsOver();
            await ServeAsync(host, settings, storage.Name, signals.Requested);
            logs.StopBegins();
            await host.StopAsync(CancellationToken.None);
        }
        finally
        {
            // Orleans has services that can only be disposed of asynchronously.
            if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        }

        if (!signals.Requested.IsCancellationRequested)
            throw new StartupException("The silo stopped without being asked to; its log says why.");
    }

    private static async Task<BankStorage> OpenStorageAsync(SiloSettings wanted)
    {
        if (wanted.Redis is { } redis) return await RedisBankStorage.OpenAsync(redis);
        return SqliteBankStorage.Open(wanted.DataDirectory);
    }

    /// <summary>
    /// Completes the start even when the silo is asked to stop meanwhile. A start takes a few seconds; a cancelled one
    /// leaves Orleans in a state from which it cannot stop cleanly.
    /// </summary>
    private static async Task StartAsync(IHost host, SiloSettings settings)
    {
        try
        {
            await host.StartAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is not StartupException)
        {
            throw StartFailure.Explain(exception, settings);
        }
    }

    /// <summary>Prints the ready line, and returns when the silo is to stop.</summary>
    private static async Task ServeAsync(
        IHost host, SiloSettings settings, string storage, CancellationToken requested)
    {
        var byItself = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(requested, byItself);
        var readiness = host.Services.GetRequiredService<Readiness>();
        try
        {
            while (readiness.Obstacle is not null) await Task.Delay(ReadinessPollPeriod, stop.Token);
            stop.Token.ThrowIfCancellationRequested();
            await Console.Out.WriteLineAsync(
                $"silo ready gateway={settings.Gateway} http={settings.Http} storage={storage}");
            await Task.Delay(Timeout.InfiniteTimeSpan, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The wait ends by cancellation.
        }
    }
}

/// <summary>
/// The command line. Values stay text here: <see cref="SiloSettings"/> parses the values of all sources.
/// </summary>
internal static class SiloCommand
{
    /// <summary>Parses the command line and runs what it asks for: the silo, the help or the version.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="run">Runs the silo until it is asked to stop.</param>
    /// <exception cref="InvalidSettingException">An option is unknown or has a bad value.</exception>
    public static async Task<int> InvokeAsync(string[] args, Func<SiloSettings, Task> run)
    {
        var options = Setting.All.ToDictionary(setting => setting, CreateOption);
        var root = new RootCommand(
            "Run one silo of the bank, with consistent global snapshots, until SIGTERM or Ctrl-C.");
        foreach (var option in options.Values) root.Options.Add(option);
        // Only options are accepted: no [suggest], and no @file. The parser does not report an unknown directive.
        root.Directives.Clear();
        root.SetAction(async (parsed, _) =>
        {
            await run(SiloSettings.Read(ValueOf));
            return 0;

            string? ValueOf(Setting setting)
            {
                var isBare = parsed.GetResult(options[setting]) is { Implicit: false, Tokens: [] };
                return isBare && setting.IsFlag ? bool.TrueString : parsed.GetValue(options[setting]);
            }
        });

        var result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is ParseErrorAction)
        {
            // A misspelt option may carry a password behind its equals sign.
            var error = result.UnmatchedTokens is [var token, ..]
                ? $"Unrecognized command or argument '{token.Split('=')[0]}'."
                : result.Errors[0].Message;
            throw new InvalidSettingException($"{error} Try --help.");
        }

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
        HelpName = setting.IsFlag ? null : setting.ValueName,
        Arity = setting.IsFlag ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        Description = $"{setting.Description} (default {setting.Default})",
    };
}
