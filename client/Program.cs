using System.Text;

namespace Snapshots.Client;

/// <summary>The entry point: the real consoles, environment, clock and signals around <see cref="ClientProgram"/>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var interruption = new Interruption();
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await using (output)
        {
            var environment = new ClientEnvironment(
                output,
                Console.Error,
                IsOutputTerminal: !Console.IsOutputRedirected,
                IsErrorTerminal: !Console.IsErrorRedirected,
                Environment.GetEnvironmentVariable,
                TimeProvider.System);
            return await ClientProgram.RunAsync(args, environment, interruption.Token);
        }
    }
}
