using System.Collections.Immutable;
using System.Net;
using Snapshots.Bank.Hosting;
using Snapshots.Grains;

namespace Snapshots.Silo;

/// <summary>The validated settings of the silo. Immutable.</summary>
internal sealed record SiloSettings
{
    /// <summary>The directory of the SQLite storage, absolute or relative to the caller's.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The Redis that stores everything instead; null for SQLite.</summary>
    public required RedisAddress? Redis { get; init; }

    /// <summary>Mutual TLS on the silo and gateway ports; null for none.</summary>
    public required Tls? Tls { get; init; }

    /// <summary>The cluster that the silo belongs to.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The service that stored state belongs to.</summary>
    public required string ServiceId { get; init; }

    /// <summary>The address, of one machine, on which everything listens and is announced.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The port for silos; 0 while a free one is still to be chosen.</summary>
    public required int SiloPort { get; init; }

    /// <summary>The port for clients; 0 while a free one is still to be chosen.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The port for HTTP; 0 while a free one is still to be chosen.</summary>
    public required int HttpPort { get; init; }

    /// <summary>The address on which HTTP listens.</summary>
    public required IPAddress HttpAddress { get; init; }

    /// <summary>The token that HTTP wants; null for none, on the loopback interface alone.</summary>
    public required string? HttpToken { get; init; }

    /// <summary>The token that allows to read alone; null for none.</summary>
    public required string? HttpReadToken { get; init; }

    /// <summary>The applications that the silo hosts; at least one.</summary>
    public required ImmutableArray<string> Applications { get; init; }

    /// <summary>How many accounts may come into being because they were paid before they were opened.</summary>
    public required int MaxUnopened { get; init; }

    /// <summary>How many of its last events each process keeps; 0 for none.</summary>
    public required int FlightRecorder { get; init; }

    /// <summary>Seconds without work after which a process rests; 0 for never.</summary>
    public required int RestAfter { get; init; }

    /// <summary>Where traces and metrics are sent; null for nowhere.</summary>
    public required Uri? Otlp { get; init; }

    /// <summary>Whether the dashboard of Orleans is served.</summary>
    public required bool Dashboard { get; init; }

    /// <summary>The level from which logs go to stderr.</summary>
    public required LogLevel LogLevel { get; init; }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint Gateway => new(Address, GatewayPort);

    /// <summary>Where HTTP answers.</summary>
    public IPEndPoint Http => new(HttpAddress, HttpPort);

    /// <summary>
    /// Reads every setting: the command line wins, then the environment, then <c>appsettings.json</c>.
    /// </summary>
    /// <param name="fromCommandLine">
    /// Returns the value of a setting on the command line; null if it is not given.
    /// </param>
    /// <exception cref="InvalidSettingException">A value is bad or a key is unknown.</exception>
    public static SiloSettings Read(Func<Setting, string?> fromCommandLine)
    {
        var configuration = SettingsConfiguration.Read();
        var settings = new SiloSettings
        {
            DataDirectory = Value(Setting.Data).AsPath(),
            Redis = ReadRedis(),
            Tls = ReadTls(),
            ClusterId = Value(Setting.ClusterId).AsName(),
            ServiceId = Value(Setting.ServiceId).AsName(),
            Address = Value(Setting.Address).AsAddress(),
            SiloPort = Value(Setting.SiloPort).AsPort(),
            GatewayPort = Value(Setting.GatewayPort).AsPort(),
            HttpPort = Value(Setting.HttpPort).AsPort(),
            HttpAddress = ReadHttpAddress().AsAddress(),
            HttpToken = Value(Setting.HttpTokenFile).AsTokenFile(),
            HttpReadToken = Value(Setting.HttpReadTokenFile).AsTokenFile(),
            Applications = Value(Setting.Applications).AsApplications(),
            MaxUnopened = Value(Setting.MaxUnopened).AsCount(),
            RestAfter = Value(Setting.RestAfter).AsCount((int)SnapshotsOptions.MaxRestAfter.TotalSeconds),
            FlightRecorder = Value(Setting.FlightRecorder).AsCount(Protocol.FlightRecorder.MaxCapacity),
            Otlp = Value(Setting.Otlp).AsEndpoint(),
            Dashboard = Value(Setting.Dashboard).AsFlag(),
            LogLevel = Value(Setting.LogLevel).AsLogLevel(),
        };
        if (settings.Dashboard && !IPAddress.IsLoopback(settings.Http.Address))
        {
            throw new InvalidSettingException(
                $"{Setting.Dashboard.Option} has no protection: "
                    + $"it is not served on {settings.Http.Address}, only on loopback.");
        }

        RequireDifferent(Setting.SiloPort, settings.SiloPort, Setting.GatewayPort, settings.GatewayPort);
        RequireDifferent(Setting.SiloPort, settings.SiloPort, Setting.HttpPort, settings.HttpPort);
        RequireDifferent(Setting.GatewayPort, settings.GatewayPort, Setting.HttpPort, settings.HttpPort);
        RequireToken(settings);
        return settings;

        SettingValue ReadHttpAddress()
        {
            var own = Value(Setting.HttpAddress);
            return own.Text == Setting.HttpAddress.Default ? Value(Setting.Address) : own;
        }

        RedisAddress? ReadRedis()
        {
            var (direct, file) = (Value(Setting.Redis), Value(Setting.RedisFile));
            if (direct.AsRedis() is not { } redis) return file.AsRedisFile();
            if (file.AsFile() is null) return redis;
            throw new InvalidSettingException($"{direct.Source} and {file.Source} cannot be combined.");
        }

        Tls? ReadTls()
        {
            SettingValue[] values = [Value(Setting.TlsCertificate), Value(Setting.TlsKey), Value(Setting.TlsAuthority)];
            var files = Array.ConvertAll(values, value => value.AsFile());
            if (Array.TrueForAll(files, file => file is null)) return null;
            var missing = Array.FindIndex(files, file => file is null);
            if (missing >= 0) throw new InvalidSettingException($"TLS needs {values[missing].Source}, too.");
            try
            {
                return Tls.Read(files[0]!, files[1]!, files[2]!);
            }
            catch (TlsException exception)
            {
                throw new InvalidSettingException(exception.Message, exception);
            }
        }

        SettingValue Value(Setting setting)
        {
            if (fromCommandLine(setting) is { } given) return new(setting.Option, given);
            if (configuration[setting.Key] is { } configured) return new(setting.FullKey, configured);
            return new(setting.Option, setting.Default);
        }
    }

    private static void RequireToken(SiloSettings settings)
    {
        if (settings.HttpToken is not null) return;
        if (settings.HttpReadToken is not null)
        {
            throw new InvalidSettingException(
                $"{Setting.HttpReadTokenFile.Option} needs {Setting.HttpTokenFile.Option}, too.");
        }

        if (IPAddress.IsLoopback(settings.HttpAddress)) return;
        throw new InvalidSettingException(
            $"HTTP would listen on {settings.HttpAddress}, beyond loopback: give it a token with "
                + $"{Setting.HttpTokenFile.Option}, or set {Setting.HttpAddress.Option} 127.0.0.1.");
    }

    private static void RequireDifferent(Setting one, int onePort, Setting other, int otherPort)
    {
        if (onePort == otherPort && onePort != 0)
            throw new InvalidSettingException($"{one.Option} and {other.Option} are both {onePort}; they must differ.");
    }
}

/// <summary>
/// The configuration below the command line: <c>appsettings.json</c> beside the program, then the environment.
/// </summary>
internal static class SettingsConfiguration
{
    private const string FileName = "appsettings.json";

    /// <summary>Reads the section of the settings.</summary>
    /// <exception cref="InvalidSettingException">The file cannot be read, or a key is unknown.</exception>
    public static IConfigurationSection Read()
    {
        var section = Load().GetSection(Setting.Section);
        foreach (var child in section.GetChildren())
        {
            // A value under a misspelt key would otherwise be ignored silently.
            var isKnown = Setting.All.Any(s => s.Key.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (!isKnown || child.GetChildren().Any())
                throw new InvalidSettingException($"{child.Path} is not a known setting.");
        }

        return section;
    }

    private static IConfigurationRoot Load()
    {
        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(AppContext.BaseDirectory)
                .AddJsonFile(FileName, optional: true, reloadOnChange: false)
                .AddEnvironmentVariables()
                .Build();
        }
        catch (Exception exception)
            when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            var path = Path.Combine(AppContext.BaseDirectory, FileName);
            var reason = exception.GetBaseException().Message;
            throw new InvalidSettingException($"The configuration file {path} cannot be read: {reason}", exception);
        }
    }
}
