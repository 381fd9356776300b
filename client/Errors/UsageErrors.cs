using System.CommandLine;
using System.CommandLine.Parsing;

namespace Snapshots.Client;

/// <summary>Turns what the parser complains about into a failure: a wrong value is invalid input, everything else is usage.</summary>
internal static class UsageErrors
{
    public static ClientException ToException(ParseResult parsed)
    {
        // A misspelt command is told before the complaint that there is none.
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            return new(ErrorCode.Usage, Failures.Line($"'{unknown}' is no command, option or argument here; see --help"));
        }

        var error = parsed.Errors[0];
        var isValue = error.SymbolResult is ArgumentResult { Tokens.Count: > 0 } or OptionResult { Tokens.Count: > 0 };
        return new(isValue ? ErrorCode.InvalidInput : ErrorCode.Usage, Failures.Line(error.Message));
    }
}
