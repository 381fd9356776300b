using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Snapshots.Bank.Hosting;

namespace Snapshots.Silo;

/// <summary>One setting: an option of the command line that is also a key of the configuration.</summary>
/// <param name="Option">The option, with its dashes.</param>
/// <param name="Key">The key in the configuration's section <see cref="Section"/>.</param>
/// <param name="ValueName">The placeholder of the value in the help.</param>
/// <param name="Default">The default value, as a user would write it.</param>
/// <param name="Description">Its meaning, for the help.</param>
internal sealed record Setting(string Option, string Key, string ValueName, string Default, string Description)
{
    /// <summary>The section of the configuration that holds all keys.</summary>
    public const string Section = "Snapshots";

    public static readonly Setting Data = new(
        "--data", "Data", "DIR", "data", "store everything in SQLite in this directory, relative to the caller's");

    public static readonly Setting Redis = new(
        "--redis",
        "Redis",
        "CONNECTION",
        "none",
        "store everything in this Redis instead; the whole cluster shares it");

    public static readonly Setting RedisFile = new(
        "--redis-file",
        "RedisFile",
        "FILE",
        "none",
        "read the connection of --redis from this file, which keeps a password private");

    public static readonly Setting TlsCertificate = new(
        "--tls-certificate",
        "TlsCertificate",
        "FILE",
        "none",
        "use mutual TLS on the silo and gateway ports: this silo's certificate (PEM)");

    public static readonly Setting TlsKey = new(
        "--tls-key", "TlsKey", "FILE", "none", "the private key of the certificate (PEM)");

    public static readonly Setting TlsAuthority = new(
        "--tls-ca", "TlsCa", "FILE", "none", "the authorities that sign the certificates of silos and clients (PEM)");

    public static readonly Setting ClusterId = new(
        "--cluster-id", "ClusterId", "ID", "snapshots", "the cluster that the silo belongs to");

    public static readonly Setting ServiceId = new(
        "--service-id", "ServiceId", "ID", "bank", "the service that stored state belongs to");

    public static readonly Setting Address = new(
        "--address",
        "Address",
        "IP",
        "127.0.0.1",
        "the address on which silo, gateway and HTTP listen and are announced");

    public static readonly Setting SiloPort = new(
        "--silo-port", "SiloPort", "PORT", "11111", "the port for other silos; 0 chooses a free one");

    public static readonly Setting GatewayPort = new(
        "--gateway-port", "GatewayPort", "PORT", "30000", "the port for clients; 0 chooses a free one");

    public static readonly Setting HttpPort = new(
        "--http-port", "HttpPort", "PORT", "8080", "the port of page, health and metrics; 0 chooses a free one");

    public static readonly Setting HttpAddress = new(
        "--http-address", "HttpAddress", "IP", "that of --address", "the address on which HTTP listens");

    public static readonly Setting HttpTokenFile = new(
        "--http-token-file",
        "HttpTokenFile",
        "FILE",
        "none",
        "the token that HTTP wants, in a file; required where HTTP listens beyond loopback");

    public static readonly Setting HttpReadTokenFile = new(
        "--http-read-token-file", "HttpReadTokenFile", "FILE", "none", "a second token, which allows to read alone");

    public static readonly Setting Applications = new(
        "--applications", "Applications", "LIST", "bank", "which of bank, locks and objects are hosted, with commas");

    public static readonly Setting MaxUnopened = new(
        "--max-unopened",
        "MaxUnopened",
        "N",
        "10000",
        "how many accounts may come into being because they were paid before they were opened");

    public static readonly Setting FlightRecorder = new(
        "--flight-recorder",
        "FlightRecorder",
        "N",
        "0",
        "how many of its last events each process keeps for pictures of a cut; 0 for none, at most 1000");

    public static readonly Setting RestAfter = new(
        "--rest-after",
        "RestAfter",
        "SECONDS",
        "60",
        "how long a process has nothing to do before snapshots leave it asleep; 0 for never, at most 86400");

    public static readonly Setting Otlp = new(
        "--otlp", "Otlp", "ENDPOINT", "none", "send traces and metrics there by OTLP over HTTP: http://127.0.0.1:4318");

    public static readonly Setting Dashboard = new(
        "--dashboard", "Dashboard", "", "false", "serve the dashboard of Orleans at /dashboard; on loopback only");

    public static readonly Setting LogLevel = new(
        "--log-level", "LogLevel", "LEVEL", "Warning", "the level from which logs go to stderr");

    /// <summary>All of them, in the order of the help.</summary>
    public static readonly IReadOnlyList<Setting> All =
    [
        Data, Redis, RedisFile, ClusterId, ServiceId, Address, SiloPort, GatewayPort,
        HttpPort, HttpAddress, HttpTokenFile, HttpReadTokenFile,
        TlsCertificate, TlsKey, TlsAuthority, Applications, MaxUnopened, FlightRecorder, RestAfter,
        Otlp, Dashboard, LogLevel,
    ];

    /// <summary>Whether the option has no value.</summary>
    public bool IsFlag => ValueName.Length == 0;

    /// <summary>The key with its section, as it is written in messages.</summary>
    public string FullKey => $"{Section}:{Key}";
}

/// <summary>A value as it was written, with its source: parses it, or says in one line why it is invalid.</summary>
/// <param name="Source">The option or the configuration key that holds the value.</param>
/// <param name="Text">The value.</param>
internal sealed record SettingValue(string Source, string Text)
{
    private const int MaxTokenLength = 4096;

    /// <summary>Text that is not blank and has no control characters.</summary>
    public string AsName()
    {
        Require(!string.IsNullOrWhiteSpace(Text) && !Text.Any(char.IsControl), "a name");
        return Text;
    }

    /// <summary>A path that is not blank; the file system is not consulted.</summary>
    public string AsPath()
    {
        Require(!string.IsNullOrWhiteSpace(Text) && !Text.Contains('\0', StringComparison.Ordinal), "a path");
        return Text;
    }

    /// <summary>A Redis connection; null for <c>none</c>. No message shows it: it may have a password.</summary>
    public RedisAddress? AsRedis()
    {
        if (Text == "none") return null;
        return RedisAddress.TryParse(Text, out var address, out var problem)
            ? address
            : throw new InvalidSettingException(
                $"{Source} is not a Redis connection, such as 127.0.0.1:6379: {problem}.");
    }

    /// <summary>A file; null for <c>none</c>.</summary>
    public string? AsFile() => Text == "none" ? null : AsPath();

    /// <summary>A Redis connection in a file; null for <c>none</c>.</summary>
    public RedisAddress? AsRedisFile()
    {
        if (AsFile() is not { } file) return null;
        try
        {
            return (this with { Text = File.ReadAllText(file).Trim() }).AsRedis();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingException(
                $"{Source}: the file {file} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>A token in a file: one line of visible ASCII characters; null for <c>none</c>.</summary>
    public string? AsTokenFile()
    {
        if (AsFile() is not { } file) return null;
        var some = new byte[MaxTokenLength + 1];
        try
        {
            using var stream = File.OpenRead(file);
            some = some[..stream.ReadAtLeast(some, some.Length, throwOnEndOfStream: false)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingException(
                $"{Source}: the file {file} cannot be read: {exception.Message}", exception);
        }

        var token = Encoding.Latin1.GetString(some).Trim();
        if (token.Length == 0) throw new InvalidSettingException($"{Source}: the file {file} is empty.");
        return some.Length <= MaxTokenLength && token.All(each => each is > ' ' and <= '~')
            ? token
            : throw new InvalidSettingException(
                $"{Source}: the file {file} is not a token: "
                    + $"one line of at most {MaxTokenLength} visible ASCII characters.");
    }

    /// <summary>0 to 65535.</summary>
    public int AsPort()
    {
        var isNumber = int.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        Require(isNumber && port <= IPEndPoint.MaxPort, "a port (0 to 65535)");
        return port;
    }

    /// <summary>0 to a limit.</summary>
    public int AsCount(int limit = 1_000_000_000)
    {
        var isNumber = int.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        Require(isNumber && count <= limit, $"a number (0 to {limit})");
        return count;
    }

    /// <summary>An address of one machine: others must be able to call what is announced.</summary>
    public IPAddress AsAddress()
    {
        // The framework also parses "1" and "0x7f.1"; in a setting they are mistakes.
        var isAddress = IPAddress.TryParse(Text, out var address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == Text)
            && !address.Equals(IPAddress.Any)
            && !address.Equals(IPAddress.IPv6Any)
            && !address.Equals(IPAddress.Broadcast);
        Require(isAddress, "the IP address of one machine, such as 127.0.0.1");
        return address!;
    }

    /// <summary>One or more of the known applications, separated by commas; blanks beside it do not count.</summary>
    public ImmutableArray<string> AsApplications()
    {
        ImmutableArray<string> names = [.. Text.Split(',', StringSplitOptions.TrimEntries).Distinct()];
        Require(
            names.All(HostedApplications.All.Contains),
            $"a list, separated by commas, of {string.Join(", ", HostedApplications.All)}");
        return names;
    }

    /// <summary>An address of HTTP or HTTPS; null for <c>none</c>.</summary>
    public Uri? AsEndpoint()
    {
        if (Text == "none") return null;
        var isEndpoint = Uri.TryCreate(Text, UriKind.Absolute, out var endpoint)
            && endpoint.Scheme is "http" or "https";
        Require(isEndpoint, "an endpoint, such as http://127.0.0.1:4318");
        return endpoint;
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool AsFlag()
    {
        Require(bool.TryParse(Text, out var flag), "true or false");
        return flag;
    }

    /// <summary>The name of a log level, in any case.</summary>
    public LogLevel AsLogLevel()
    {
        var name = Enum.GetNames<LogLevel>().FirstOrDefault(n => n.Equals(Text, StringComparison.OrdinalIgnoreCase));
        Require(name is not null, $"a log level ({string.Join(", ", Enum.GetNames<LogLevel>())})");
        return Enum.Parse<LogLevel>(name!);
    }

    private void Require(bool holds, string expected)
    {
        if (!holds) throw new InvalidSettingException($"{Source}: '{Text}' is not {expected}.");
    }
}

/// <summary>
/// An option is unknown or has a bad value. The message is one line: the option, and what is allowed.
/// </summary>
internal sealed class InvalidSettingException(string message, Exception? innerException = null)
    : Exception(message, innerException);
