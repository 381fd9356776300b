using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Snapshots.Bank;
using Snapshots.Bank.Hosting;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>Makes arguments and options whose values are read by <see cref="Read"/>, so that all complain in the same way.</summary>
internal static class Inputs
{
    public static Argument<T> Argument<T>(string name, string description, Func<string, T> read) =>
        new(name) { Description = description, CustomParser = By(name, read) };

    public static Option<T> Option<T>(string name, string valueName, string description, Func<string, T> read) =>
        new(name) { HelpName = valueName, Description = description, CustomParser = By(name, read) };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    private static Func<ArgumentResult, T?> By<T>(string name, Func<string, T> read) => result =>
    {
        if (result.Tokens.Count == 0) return default;
        try
        {
            return read(result.Tokens[^1].Value);
        }
        catch (InputException exception)
        {
            result.AddError($"{name}: {exception.Message}");
            return default;
        }
    };
}

/// <summary>Reads what people give: each method returns the value or throws <see cref="InputException"/> with the rule.</summary>
internal static class Read
{
    /// <summary>The longest time that can be asked for, in seconds: about 11 days.</summary>
    private const double MaxSeconds = 1_000_000;

    public static ProcessId Account(string text) => new(Id(text));

    public static SnapshotId Snapshot(string text) => new(Id(text));

    public static RequestKey Key(string text) => new(Id(text));

    /// <summary>A name; see <see cref="Identifier"/>.</summary>
    public static string Id(string text) => Identifier.IsValid(text)
        ? text
        : throw new InputException($"'{text}' is not an id: 1 to {Identifier.MaxLength} of letters, digits, . _ - :");

    public static Amount Amount(string text) => new(Whole(text, 1, BankLimits.MaxAmount));

    /// <summary>A deposit as an account opens, which may be nothing.</summary>
    public static long Deposit(string text) => Whole(text, 0, BankLimits.MaxAmount);

    /// <summary>A number of things from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Func<string, int> Count(int least, int most) => text => (int)Whole(text, least, most);

    public static long Seed(string text) => Whole(text, long.MinValue, long.MaxValue);

    public static TimeSpan Seconds(string text)
    {
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint;
        return double.TryParse(text, Plain, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.001 and <= MaxSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new InputException($"'{text}' is not a number of seconds above 0 and up to {MaxSeconds}");
    }

    /// <summary><c>HOST:PORT</c>; an address of version 6 stands in brackets.</summary>
    public static DnsEndPoint Gateway(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon > 0 ? text[..colon] : string.Empty;
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal)) host = string.Empty;
        var hasPort = ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        return hasPort && port > 0 && Uri.CheckHostName(host) is not UriHostNameType.Unknown
            ? new DnsEndPoint(host, port)
            : throw new InputException($"'{text}' is not HOST:PORT");
    }

    /// <summary>Which Redis.</summary>
    public static RedisAddress Redis(string text) => RedisAddress.TryParse(text, out var address)
        ? address
        : throw new InputException($"'{text}' is not a Redis connection, such as 127.0.0.1:6379");

    /// <summary>A path of a file or folder, as it was given.</summary>
    public static string Path(string text) =>
        !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal) ? text : throw new InputException("a path is not empty");

    private static long Whole(string text, long least, long most) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new InputException($"'{text}' is not a whole number from {least} to {most}");
}

/// <summary>A text that a person gave is not what is needed there; the message says why, without the name of the place.</summary>
internal sealed class InputException(string message) : Exception(message);
