using System.Runtime.InteropServices;
using System.Text;

namespace Snapshots.Client;

/// <summary>
/// The entry point: the real consoles, environment, clock and signals around <see cref="ClientProgram"/>.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var interruption = new Interruption();
        var output = new StreamWriter(
            Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await using (output)
        {
            var environment = new ClientEnvironment(
                output,
                Console.Error,
                IsOutputTerminal: !Console.IsOutputRedirected,
                IsErrorTerminal: !Console.IsErrorRedirected,
                Environment.GetEnvironmentVariable,
                TimeProvider.System)
            {
                Width = Console.IsOutputRedirected ? 80 : Math.Max(Console.WindowWidth, 20),
                Input = Console.In,
                IsInputTerminal = !Console.IsInputRedirected,
            };
            return await ClientProgram.RunAsync(args, environment, interruption.Token);
        }
    }
}

/// <summary>
/// Turns Ctrl-C and SIGTERM into a token. The first one asks the command to end; the second ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested) return; // Not cancelled: the process ends.
        context.Cancel = true;

        // Not on the signal's own thread: callbacks of the token may block, and a second signal must still be handled.
        ThreadPool.QueueUserWorkItem(source => source.Cancel(), _source, preferLocal: false);
    }
}
