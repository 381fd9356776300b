using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace Snapshots.Silo.Tests;

public sealed class RefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--silo-port", "silo")]
    [InlineData("--gateway-port", "gateway")]
    [InlineData("--http-port", "HTTP")]
    public async Task A_port_in_use_is_named(string option, string name)
    {
        using var occupant = new PortOccupant();
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, option, occupant.Port);
        Assert.Equal(
            $"The {name} port {occupant.Port} on 127.0.0.1 is in use; choose another with {option}.",
            (await silo.Exit()).Refusal(1));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_port_that_is_taken_while_the_silo_starts_is_named()
    {
        using var free = new PortOccupant();
        var port = free.Port;
        free.Dispose();
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--gateway-port", port);
        using var thief = await Task.Run(
            () => StealWhenFreed(int.Parse(port, CultureInfo.InvariantCulture)), TestContext.Current.CancellationToken);
        Assert.Equal(
            $"The gateway port {port} on 127.0.0.1 is in use; choose another with --gateway-port.",
            (await silo.Exit()).Refusal(1));
    }

    [Theory]
    [InlineData("127.0.0.1:1")]
    [InlineData("nowhere.invalid:6379")]
    public async Task A_redis_that_cannot_be_reached_is_named_and_no_directory_touched(string redis)
    {
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--redis", redis);
        Assert.Equal($"The Redis at {redis} cannot be reached: it does not answer", (await silo.Exit()).Refusal(1));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_redis_that_says_nothing_is_given_up_within_the_time_of_a_start()
    {
        using var silent = new PortOccupant();
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--redis", $"127.0.0.1:{silent.Port}");
        Assert.Equal(
            $"The Redis at 127.0.0.1:{silent.Port} cannot be reached: it does not answer",
            (await silo.Exit()).Refusal(1));
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named()
    {
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--address", "192.0.2.1", "--http-address", "127.0.0.1");
        Assert.Equal("The address 192.0.2.1 is not one of this machine.", (await silo.Exit()).Refusal(1));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_created_is_named()
    {
        var file = _folder.Below("file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--data", "file/data");
        var line = (await silo.Exit()).Refusal(1);
        Assert.StartsWith("The data directory file/data cannot be created: ", line, StringComparison.Ordinal);
    }

    /// <summary>The runtime takes no lock then, but the silo does.</summary>
    [Fact]
    public async Task A_directory_is_held_also_where_the_runtime_is_told_to_lock_no_files()
    {
        var environment = new Dictionary<string, string> { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" };
        string[] arguments = ["--data", ".", "--silo-port=0", "--gateway-port=0", "--http-port=0"];
        await using var first = SiloProcess.Start(BuiltProgram.Original, _folder.Path, environment, arguments);
        await first.Ready();
        await using var second = SiloProcess.Start(BuiltProgram.Original, _folder.Path, environment, arguments);
        Assert.Equal($"The data directory {_folder.Path} is held by another silo.", (await second.Exit()).Refusal(1));
    }

    [Fact]
    public async Task A_damaged_database_is_named()
    {
        var database = _folder.Below("snapshots.db");
        await File.WriteAllTextAsync(database, new string('x', 10_000), TestContext.Current.CancellationToken);
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--data", ".");
        Assert.Equal(
            $"The database {database} is damaged: the file is not a database.", (await silo.Exit()).Refusal(1));
    }

    [Fact]
    public async Task A_database_of_an_earlier_program_is_named()
    {
        var database = _folder.Below("snapshots.db");
        await using (var connection = new SqliteConnection($"Data Source={database};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText =
                "CREATE TABLE state (x); PRAGMA application_id = 1397637456; PRAGMA user_version = 2";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--data", ".");
        Assert.StartsWith(
            $"The database {database} has schema version 2, of an earlier program; ",
            (await silo.Exit()).Refusal(1),
            StringComparison.Ordinal);
    }

    /// <summary>Waits until the silo has tried the port, and takes it before Orleans does.</summary>
    private static TcpListener StealWhenFreed(int port)
    {
        var watch = Stopwatch.StartNew();
        while (!IsListenedOn(port)) Yield();
        while (true)
        {
            Yield();
            var thief = new TcpListener(IPAddress.Loopback, port);
            try
            {
                thief.Start();
                return thief;
            }
            catch (SocketException)
            {
                thief.Dispose();
            }
        }

        void Yield()
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"port {port} was never listened on, or is not freed");
            Thread.Yield();
        }
    }

    private static bool IsListenedOn(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
