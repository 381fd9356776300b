using System.Diagnostics.CodeAnalysis;
using System.Net;
using StackExchange.Redis;

namespace Snapshots.Bank.Hosting;

/// <summary>
/// The address of a Redis: a connection string of StackExchange.Redis, such as <c>localhost:6379</c> or
/// <c>10.0.0.5:6379,user=bank,password=secret,ssl=true</c>. Immutable. Its text omits the password.
/// </summary>
public sealed class RedisAddress
{
    /// <summary>Longer than the pause of a busy server that rewrites its append-only file.</summary>
    private const int CommandTimeoutMs = 5_000;

    private const int ConnectTimeoutMs = 2_000;
    private const int ConnectTries = 3;
    private const int ReconnectPauseMs = 500;

    private readonly string _connection;

    private RedisAddress(string connection) => _connection = connection;

    /// <summary>Reads a connection string.</summary>
    /// <param name="connection">The connection string.</param>
    /// <param name="address">The address.</param>
    /// <param name="problem">What is wrong, without a value: a value may be a password.</param>
    /// <returns>Whether it names at least one server and no unknown option.</returns>
    public static bool TryParse(
        string connection, [NotNullWhen(true)] out RedisAddress? address, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(connection);
        (address, problem) = (null, null);
        foreach (var part in connection.Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0 && !CanParse($"localhost,{part}", out _))
                problem ??= $"the option '{part[..equals].Trim()}' is unknown, or its value is not possible";
        }

        if (!CanParse(connection, out var servers)) problem ??= "it cannot be read";
        else if (servers == 0) problem ??= "it names no server";
        if (problem is null) address = new(connection);
        return address is not null;
    }

    private static bool CanParse(string connection, out int servers)
    {
        servers = 0;
        try
        {
            servers = ConfigurationOptions.Parse(connection).EndPoints.Count;
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(',', ConfigurationOptions.Parse(_connection).EndPoints.Select(ToString));

    /// <summary>
    /// Connects, within seconds. A lost connection is restored automatically; commands wait for that, or time out.
    /// </summary>
    /// <exception cref="RedisException">It cannot be reached.</exception>
    internal async Task<ConnectionMultiplexer> ConnectAsync()
    {
        try
        {
            return await ConnectionMultiplexer.ConnectAsync(Options());
        }
        catch (RedisConnectionException exception)
        {
            throw new RedisException($"The Redis at {this} cannot be reached: {Reason(exception)}", exception);
        }
    }

    /// <summary>Returns the options for the connections that Orleans makes itself.</summary>
    internal ConfigurationOptions Options()
    {
        // The last of two values counts, so the connection string wins.
        var options = ConfigurationOptions.Parse(
            $"name=snapshots,connectTimeout={ConnectTimeoutMs},connectRetry={ConnectTries},"
            + $"syncTimeout={CommandTimeoutMs},{_connection}");
        options.AbortOnConnectFail = true;
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectPauseMs);
        return options;
    }

    private static string ToString(EndPoint server) => server switch
    {
        DnsEndPoint { Port: 0 } named => named.Host,
        DnsEndPoint named => FormattableString.Invariant($"{named.Host}:{named.Port}"),
        IPEndPoint { Port: 0 } numbered => numbered.Address.ToString(),
        _ => server.ToString()!,
    };

    /// <summary>Replaces the message of StackExchange.Redis, which is about its internals.</summary>
    private static string Reason(RedisConnectionException exception) =>
        exception.FailureType == ConnectionFailureType.AuthenticationFailure
            ? "it refuses the user or the password"
            : "it does not answer";
}

/// <summary>
/// A Redis cannot be used. The message is one line for the user of the program: the Redis and the reason.
/// </summary>
public sealed class RedisException : Exception
{
    internal RedisException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
