using System.CommandLine;
using System.CommandLine.Parsing;

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
