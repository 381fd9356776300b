using System.CommandLine.Parsing;
using System.Net;
using Snapshots.Bank.Hosting;

namespace Snapshots.Client;

/// <summary>Makes arguments and options that <see cref="Read"/> parses, so that all errors have one form.</summary>
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

/// <summary>
/// Parses input: each method returns the value, or throws <see cref="InputException"/> with the rule.
/// </summary>
internal static class Read
{
    /// <summary>The longest time that an option may give, in seconds: about 11 days.</summary>
    private const double MaxSeconds = 1_000_000;

    private const double MinSeconds = 0.001;

    public static ProcessId Account(string text) => new(Id(text));

    public static SnapshotId Snapshot(string text) => new(Id(text));

    public static RequestKey Key(string text) => new(Id(text));

    /// <summary>Checks a name; see <see cref="Identifier"/>.</summary>
    public static string Id(string text) => Identifier.IsValid(text)
        ? text
        : throw new InputException($"'{text}' is not an id: 1 to {Identifier.MaxLength} of letters, digits, . _ - :");

    public static Amount Amount(string text) => new(Whole(text, 1, BankLimits.MaxAmount));

    /// <summary>Parses an initial deposit, which may be 0.</summary>
    public static long Deposit(string text) => Whole(text, 0, BankLimits.MaxAmount);

    /// <summary>Parses a count from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Func<string, int> Count(int least, int most) => text => (int)Whole(text, least, most);

    public static long Seed(string text) => Whole(text, long.MinValue, long.MaxValue);

    public static TimeSpan Seconds(string text)
    {
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint;
        return double.TryParse(text, Plain, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= MinSeconds and <= MaxSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new InputException(FormattableString.Invariant(
                $"'{text}' is not a number of seconds from {MinSeconds} to {MaxSeconds}"));
    }

    /// <summary>Parses a time of a schedule; see <see cref="SnapshotSchedule.Validate"/>.</summary>
    public static TimeSpan ScheduleSeconds(string text)
    {
        var (least, most) = (SnapshotSchedule.MinEvery.TotalSeconds, SnapshotSchedule.MaxTime.TotalSeconds);
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds >= least && seconds <= most
            ? TimeSpan.FromSeconds(seconds)
            : throw new InputException($"'{text}' is not a number of seconds from {least} to {most}");
    }

    /// <summary><c>HOST:PORT</c>; an IPv6 address is in brackets.</summary>
    public static DnsEndPoint Gateway(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon > 0 ? text[..colon] : string.Empty;
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal)) host = string.Empty;
        var hasPort = ushort.TryParse(
            text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        return hasPort && port > 0 && Uri.CheckHostName(host) is not UriHostNameType.Unknown
            ? new DnsEndPoint(host, port)
            : throw new InputException($"'{text}' is not HOST:PORT");
    }

    /// <summary>Parses a Redis connection. No message shows it, since it may have a password.</summary>
    public static RedisAddress Redis(string text) => RedisAddress.TryParse(text, out var address, out var problem)
        ? address
        : throw new InputException($"not a Redis connection, such as 127.0.0.1:6379: {problem}");

    /// <summary>Reads a Redis connection from a file.</summary>
    public static RedisAddress RedisFile(string path)
    {
        try
        {
            return Redis(File.ReadAllText(Path(path)).Trim());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"the file cannot be read: {exception.Message}");
        }
    }

    /// <summary>Checks a path; it is returned as it was given.</summary>
    public static string Path(string text) =>
        !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : throw new InputException("the path is empty");

    /// <summary>Checks the reason of a restore.</summary>
    public static string Reason(string text) => text.Length <= RestoreRequest.MaxReasonLength
        ? text
        : throw new InputException($"it has more than {RestoreRequest.MaxReasonLength} characters");

    private static long Whole(string text, long least, long most)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw new InputException($"'{text}' is not a whole number from {least} to {most}");
        if (number < least) throw new InputException($"{number} is below the minimum of {least}");
        return number <= most ? number : throw new InputException($"{number} is above the maximum of {most}");
    }
}

/// <summary>An input is invalid. The message gives the rule; the caller adds the name of the option or field.</summary>
internal sealed class InputException(string message) : Exception(message);
