using System.Diagnostics;

namespace Snapshots.Storage.Tests;

public sealed class DirectoryLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_held_directory_is_refused_to_a_second_owner_and_free_after_the_first()
    {
        using (DataDirectory.Open(_folder.Path))
            AssertHeld();
        DataDirectory.Open(_folder.Path).Dispose();
    }

    [Fact]
    public void Disposing_twice_does_not_free_the_next_owners_lock()
    {
        var first = DataDirectory.Open(_folder.Path);
        first.Dispose();
        using var second = DataDirectory.Open(_folder.Path);
        first.Dispose();
        AssertHeld();
    }

    [Fact]
    public async Task The_lock_holds_between_processes_and_dies_with_its_owner()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "There is no /usr/bin/flock to hold the lock with.");
        string[] arguments = [Path.Combine(_folder.Path, "lock"), "sh", "-c", "echo held; exec cat"];
        var start = new ProcessStartInfo("/usr/bin/flock", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using (var other = Process.Start(start)!)
        {
            Assert.Equal("held", await other.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            AssertHeld();
            other.Kill(entireProcessTree: true);
            // The lock belongs to every process that has the file open: the shell's cat, too, so wait for the end of its output.
            await other.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        DataDirectory.Open(_folder.Path).Dispose();
    }

    /// <summary>
    /// The runtime takes a lock of its own, but not under this setting, which it reads at its start: so the test above
    /// runs once more, in another process.
    /// </summary>
    [Fact]
    public async Task The_lock_holds_where_the_runtime_takes_none()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the lock of the runtime is the only one.");
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "Snapshots.Storage.Tests"),
            ["--filter-method", $"*.{nameof(A_held_directory_is_refused_to_a_second_owner_and_free_after_the_first)}"])
        {
            Environment = { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "true" },
            RedirectStandardOutput = true,
        };
        using var other = Process.Start(start)!;
        var output = await other.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(other.ExitCode == 0, output);
    }

    private void AssertHeld()
    {
        var refused = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(_folder.Path));
        Assert.Equal($"The data directory {_folder.Path} is held by another silo.", refused.Message);
    }
}
