using System.Reflection;

namespace Snapshots.Silo.Tests;

/// <summary>The silo's program as the build left it, or a copy of it.</summary>
internal sealed class BuiltProgram
{
    public static readonly BuiltProgram Original = new(Path.GetFullPath(
        typeof(BuiltProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "SiloFolder").Value!));

    private readonly string _folder;

    private BuiltProgram(string folder) => _folder = folder;

    public string File => Path.Combine(_folder, OperatingSystem.IsWindows() ? "snapshots-silo.exe" : "snapshots-silo");

    public string Settings => Path.Combine(_folder, "appsettings.json");

    /// <summary>A copy in a folder that is there, for tests that put a file beside the program.</summary>
    public BuiltProgram CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(_folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            System.IO.File.Copy(file, copy);
        }

        return new BuiltProgram(folder);
    }
}
