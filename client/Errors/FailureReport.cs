namespace Snapshots.Client;

/// <summary>Tells of a failure that ended a command: one JSON document on stdout when JSON was asked for, one line on stderr otherwise.</summary>
internal static class FailureReport
{
    /// <summary>Writes the report; returns the exit code.</summary>
    public static int Write(
        Exception exception, IReadOnlyList<string> args, ClientEnvironment environment, CancellationToken interrupted)
    {
        var failure = Failures.Of(exception, interrupted);
        if (args.Contains(GlobalOptions.VerboseName)) environment.Error.WriteLine(exception);
        var format = OutputFormats.InArguments(args);
        if (format == OutputFormat.Table || !TryWriteJson(failure, format, environment.Output))
        {
            environment.Error.WriteLine($"error: {failure.Message}");
        }

        environment.Error.Flush();
        return failure.Code.ExitCode;
    }

    private static bool TryWriteJson(Failure failure, OutputFormat format, TextWriter output)
    {
        try
        {
            JsonText.WriteObject(
                output,
                format,
                writer =>
                {
                    failure.WriteTo(writer);
                    failure.Details?.Invoke(writer);
                });
            output.Flush();
            return true;
        }
        catch (IOException)
        {
            return false; // Nobody reads stdout any more; stderr is told.
        }
    }
}
