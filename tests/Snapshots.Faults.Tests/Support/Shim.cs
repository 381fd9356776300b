using System.Diagnostics;
using System.Reflection;

namespace Snapshots.Faults.Tests;

/// <summary>The library <c>shim.c</c>, which puts faults below a program; built once, with the machine's C compiler.</summary>
internal static class Shim
{
    private static readonly Lazy<string?> Built = new(Build);

    /// <summary>What to put before a program's command line, to run it with these faults.</summary>
    public static string[] With(params IEnumerable<string> faults)
    {
        Assert.SkipWhen(Built.Value is null, "there is no C compiler on the PATH to build the faults with");
        return ["env", $"LD_PRELOAD={Built.Value}", .. faults];
    }

    private static string? Build()
    {
        var folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!;
        var library = Path.Combine(folder, "shim.so");
        try
        {
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", library, Path.Combine(folder, "Support", "shim.c"), "-ldl"]);
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? library : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
