using System.Runtime.InteropServices;

namespace Snapshots.Faults.Tests;

internal static class NativeMethods
{
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Kill(int processId, int signal);
}
