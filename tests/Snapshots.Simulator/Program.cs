using System.Text;

namespace Snapshots.Simulator;

/// <summary>The entry point: the real consoles around <see cref="SimulatorProgram"/>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await using (output)
        {
            return await SimulatorProgram.RunAsync(
                args, output, Console.Error, showProgress: !Console.IsErrorRedirected, CancellationToken.None);
        }
    }
}
