using System.Net;
using Snapshots.Bank.Hosting;

namespace Snapshots.Silo.Settings;

/// <summary>What the silo was told, checked. Immutable.</summary>
internal sealed record SiloSettings
{
    /// <summary>Where SQLite storage is, absolute or relative to the caller's directory.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The Redis that keeps everything instead; null for SQLite.</summary>
    public required RedisAddress? Redis { get; init; }

    /// <summary>The cluster that the silo belongs to.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The service that stored state belongs to.</summary>
    public required string ServiceId { get; init; }

    /// <summary>Where everything listens and is announced; the address of one machine.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The port for silos; 0 while a free one is still to be chosen.</summary>
    public required int SiloPort { get; init; }

    /// <summary>The port for clients; 0 while a free one is still to be chosen.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The port for HTTP; 0 while a free one is still to be chosen.</summary>
    public required int HttpPort { get; init; }

    /// <summary>From which level on logs go to stderr.</summary>
    public required LogLevel LogLevel { get; init; }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint Gateway => new(Address, GatewayPort);

    /// <summary>Where HTTP answers.</summary>
    public IPEndPoint Http => new(Address, HttpPort);

    /// <summary>
    /// Reads every setting: the command line wins, then the environment, then <c>appsettings.json</c>.
    /// </summary>
    /// <param name="fromCommandLine">The value that the command line gives a setting; null if none.</param>
    /// <exception cref="InvalidSettingException">A value is bad or a key is unknown.</exception>
    public static SiloSettings Read(Func<Setting, string?> fromCommandLine)
    {
        var configuration = SettingsConfiguration.Read();
        var settings = new SiloSettings
        {
            DataDirectory = Value(Setting.Data).AsPath(),
            Redis = Value(Setting.Redis).AsRedis(),
            ClusterId = Value(Setting.ClusterId).AsName(),
            ServiceId = Value(Setting.ServiceId).AsName(),
            Address = Value(Setting.Address).AsAddress(),
            SiloPort = Value(Setting.SiloPort).AsPort(),
            GatewayPort = Value(Setting.GatewayPort).AsPort(),
            HttpPort = Value(Setting.HttpPort).AsPort(),
            LogLevel = Value(Setting.LogLevel).AsLogLevel(),
        };
        RequireDifferent(Setting.SiloPort, settings.SiloPort, Setting.GatewayPort, settings.GatewayPort);
        RequireDifferent(Setting.SiloPort, settings.SiloPort, Setting.HttpPort, settings.HttpPort);
        RequireDifferent(Setting.GatewayPort, settings.GatewayPort, Setting.HttpPort, settings.HttpPort);
        return settings;

        SettingValue Value(Setting setting)
        {
            if (fromCommandLine(setting) is { } given) return new(setting.Option, given);
            if (configuration[setting.Key] is { } configured) return new(setting.FullKey, configured);
            return new(setting.Option, setting.Default);
        }
    }

    private static void RequireDifferent(Setting one, int onePort, Setting other, int otherPort)
    {
        if (onePort == otherPort && onePort != 0)
            throw new InvalidSettingException($"{one.Option} and {other.Option} are both {onePort}; they must differ.");
    }
}
