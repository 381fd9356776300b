using Snapshots.Bank.Hosting;
using Snapshots.Storage;

namespace Snapshots.Silo;

/// <summary>
/// The silo host: reads its options, runs one silo until it is asked to stop, and turns failures into exit codes.
/// </summary>
internal static class Program
{
    private const int Failed = 1;
    private const int Misused = 2;

    /// <returns>0 after a clean stop, 1 if the silo could not start or stop, 2 if an option is invalid.</returns>
    public static async Task<int> Main(string[] args)
    {
        try
        {
            return await SiloCommand.InvokeAsync(args, SiloProgram.RunAsync);
        }
        catch (InvalidSettingException exception)
        {
            return Fail(exception.Message, Misused);
        }
        catch (Exception exception) when (exception is StartupException or DataDirectoryException or RedisException)
        {
            return Fail(exception.Message, Failed);
        }
#pragma warning disable CA1031 // The last handler: every failure is one line, not a stack trace.
        catch (Exception exception)
        {
            return Fail($"The silo failed: {exception.Message} ({exception.GetType().Name})", Failed);
        }
#pragma warning restore CA1031
    }

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine(message.ReplaceLineEndings(" "));
        return exitCode;
    }
}
