namespace Snapshots.Storage.Tests;

/// <summary>A new folder, removed at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("snapshots-storage-").FullName;

    public string Database => System.IO.Path.Combine(Path, "snapshots.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
