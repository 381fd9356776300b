using System.Runtime.InteropServices;

namespace Snapshots.Silo.Tests;

internal static class NativeMethods
{
    public const int SignalInterrupt = 2;
    public const int SignalTerminate = 15;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Kill(int processId, int signal);
}
