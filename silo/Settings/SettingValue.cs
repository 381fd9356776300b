using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Snapshots.Bank.Hosting;

namespace Snapshots.Silo.Settings;

/// <summary>
/// A value as it was written, and where: reads it as what it should be, or says in one line why it is not.
/// </summary>
/// <param name="Source">The option or the configuration key that holds the value.</param>
/// <param name="Text">The value.</param>
internal sealed record SettingValue(string Source, string Text)
{
    /// <summary>Text that is not blank and has no control characters.</summary>
    public string AsName()
    {
        Require(!string.IsNullOrWhiteSpace(Text) && !Text.Any(char.IsControl), "a name");
        return Text;
    }

    /// <summary>A path, not checked any further than that there is one.</summary>
    public string AsPath()
    {
        Require(!string.IsNullOrWhiteSpace(Text) && !Text.Contains('\0', StringComparison.Ordinal), "a path");
        return Text;
    }

    /// <summary>Which Redis; null for <c>none</c>.</summary>
    public RedisAddress? AsRedis()
    {
        if (Text == "none") return null;
        Require(RedisAddress.TryParse(Text, out var address), "a Redis connection, such as 127.0.0.1:6379");
        return address;
    }

    /// <summary>0 to 65535.</summary>
    public int AsPort()
    {
        var isNumber = int.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        Require(isNumber && port <= IPEndPoint.MaxPort, "a port (0 to 65535)");
        return port;
    }

    /// <summary>An address of one machine: others must be able to call what is announced.</summary>
    public IPAddress AsAddress()
    {
        // The framework also reads "1" and "0x7f.1"; who writes that has made a mistake.
        var isAddress = IPAddress.TryParse(Text, out var address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == Text)
            && !address.Equals(IPAddress.Any)
            && !address.Equals(IPAddress.IPv6Any)
            && !address.Equals(IPAddress.Broadcast);
        Require(isAddress, "the IP address of one machine, such as 127.0.0.1");
        return address!;
    }

    /// <summary>The name of a log level, in upper or lower case.</summary>
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
