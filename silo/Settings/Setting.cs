namespace Snapshots.Silo.Settings;

/// <summary>One thing that can be set: an option of the command line that is also a key of the configuration.</summary>
/// <param name="Option">The option, with its dashes.</param>
/// <param name="Key">The key in the configuration's section <see cref="Section"/>.</param>
/// <param name="ValueName">What stands for the value in the help.</param>
/// <param name="Default">The value when nothing is said, written as a user would.</param>
/// <param name="Description">What it means, for the help.</param>
internal sealed record Setting(string Option, string Key, string ValueName, string Default, string Description)
{
    /// <summary>The section of the configuration that holds all keys.</summary>
    public const string Section = "Snapshots";

    public static readonly Setting Data = new(
        "--data", "Data", "DIR", "data", "keep everything in SQLite in this directory, relative to the caller's");

    public static readonly Setting Redis = new(
        "--redis", "Redis", "CONNECTION", "none", "keep everything in this Redis instead, shared by all silos of the cluster");

    public static readonly Setting ClusterId = new(
        "--cluster-id", "ClusterId", "ID", "snapshots", "the cluster that the silo belongs to");

    public static readonly Setting ServiceId = new(
        "--service-id", "ServiceId", "ID", "bank", "the service that stored state belongs to");

    public static readonly Setting Address = new(
        "--address", "Address", "IP", "127.0.0.1", "where silo, gateway and HTTP listen and are announced");

    public static readonly Setting SiloPort = new(
        "--silo-port", "SiloPort", "PORT", "11111", "the port for other silos; 0 chooses a free one");

    public static readonly Setting GatewayPort = new(
        "--gateway-port", "GatewayPort", "PORT", "30000", "the port for clients; 0 chooses a free one");

    public static readonly Setting HttpPort = new(
        "--http-port", "HttpPort", "PORT", "8080", "the port of /health and /metrics; 0 chooses a free one");

    public static readonly Setting LogLevel = new(
        "--log-level", "LogLevel", "LEVEL", "Warning", "from which level on logs go to stderr");

    /// <summary>All of them, in the order of the help.</summary>
    public static readonly IReadOnlyList<Setting> All =
        [Data, Redis, ClusterId, ServiceId, Address, SiloPort, GatewayPort, HttpPort, LogLevel];

    /// <summary>The key with its section, as it is written in messages.</summary>
    public string FullKey => $"{Section}:{Key}";
}
