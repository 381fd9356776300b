using System.Runtime.InteropServices;

namespace Snapshots.Silo.Hosting;

internal static class NativeMethods
{
    public const int SignalInterrupt = 2;
    public const nint DefaultDisposition = 0;

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint SetDisposition(int signal, nint disposition);

    /// <summary>Ends the process without running anything more of it.</summary>
    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void ExitNow(int exitCode);
}
