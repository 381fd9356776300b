using System.Buffers.Binary;
using System.Net;
using Snapshots.Bank;
using Snapshots.Documents;
using Snapshots.Protocol;

namespace Snapshots.Client.Tests;

public sealed class ArchiveCommandTests(BankCluster cluster) : IClassFixture<BankCluster>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public async ValueTask InitializeAsync()
    {
        await cluster.RunAsync("account open alice --deposit 100");
        await cluster.RunAsync("account open bob");
        await cluster.RunAsync("transfer alice bob 30 --id rent");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_archive_proves_itself_and_says_what_the_document_says()
    {
        await cluster.RunAsync("snapshot take --id a");
        var written = await cluster.RunAsync($"snapshot archive a --file {_folder["a.archive"]} -o json");
        Assert.Equal((0, 2), (written.ExitCode, written.Json.GetProperty("processes").GetInt32()));
        await cluster.RunAsync($"snapshot export a --file {_folder["a.json"]}");
        var verified = await InProcess.RunAsync("snapshot", "verify", "--file", _folder["a.archive"], "-o", "json");
        Assert.Equal((0, true), (verified.ExitCode, verified.Json.GetProperty("valid").GetBoolean()));
        var same = await InProcess.RunAsync("snapshot", "diff", _folder["a.archive"], _folder["a.json"], "-o", "json");
        Assert.Equal((0, 0), (same.ExitCode, same.Json.GetProperty("changed").GetArrayLength()));
        var rows = await InProcess.RunAsync(
            "snapshot", "query", "--file", _folder["a.archive"], "select sum(balance) as total from processes", "-o", "json");
        Assert.Equal(100, rows.Json[0].GetProperty("total").GetInt64());
        Assert.Equal(2, (await cluster.RunAsync("snapshot archive a --file -")).ExitCode);
        Assert.Equal(3, (await cluster.RunAsync($"snapshot archive nosuch --file {_folder["b"]}")).ExitCode);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public async Task Twenty_malformed_archives_are_invalid_input_in_one_line_each()
    {
        await cluster.RunAsync("snapshot take --id m");
        await cluster.RunAsync($"snapshot archive m --file {_folder["whole"]}");
        var whole = await File.ReadAllBytesAsync(_folder["whole"], TestContext.Current.CancellationToken);
        var malformed = Malformed(whole).ToList();
        Assert.Equal(20, malformed.Count);
        foreach (var content in malformed)
        {
            await File.WriteAllBytesAsync(_folder["f"], content, TestContext.Current.CancellationToken);
            var result = await InProcess.RunAsync("snapshot", "verify", "--file", _folder["f"]);
            Assert.True(result is { ExitCode: 2, Output: "" }, result.ToString());
            Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
            Assert.Equal(1, result.Error.Count(each => each == '\n'));
        }
    }

    /// <summary>Everything that a restore needs arrives: states, messages, counts, and the memory of request keys.</summary>
    [Fact]
    public async Task An_imported_snapshot_is_archived_again_as_the_same_states_and_messages()
    {
        var other = new BankCluster();
        await using (other)
        {
            await other.InitializeAsync();
            await cluster.RunAsync("snapshot take --id i");
            await cluster.RunAsync($"snapshot archive i --file {_folder["first"]}");
            var imported = await ImportAsync(other);
            Assert.Equal((SnapshotStatus.Completed, "i", 2), (imported.Status, imported.Id.Value, imported.Processes));
            Assert.Equal("imported-2", (await ImportAsync(other)).Id.Value);
            Assert.Equal(0, (await other.RunAsync("snapshot verify i")).ExitCode);
            await other.RunAsync($"snapshot archive imported-2 --file {_folder["second"]}");
            Assert.Equal(await ContentAsync("first"), await ContentAsync("second"));
            var list = (await other.RunAsync("account list -o json")).Json;
            Assert.Equal(0, list.GetArrayLength()); // It is stored, and not restored.
            Assert.Equal(0, (await other.RunAsync("snapshot delete i")).ExitCode);
        }
    }

    [Fact]
    public async Task An_export_goes_to_stdout_and_through_what_is_no_regular_file()
    {
        await cluster.RunAsync("snapshot take --id x");
        await cluster.RunAsync($"snapshot export x --file {_folder["x"]}");
        var text = await File.ReadAllTextAsync(_folder["x"], TestContext.Current.CancellationToken);
        Assert.Equal(text, (await cluster.RunAsync("snapshot export x --file -")).Output);
        Assert.False(File.Exists("-"));

        Assert.Equal(0, (await cluster.RunAsync("snapshot export x --file /dev/null")).ExitCode);
        Assert.Equal(0, new FileInfo("/dev/null").Length);
        Assert.Empty(await File.ReadAllBytesAsync("/dev/null", TestContext.Current.CancellationToken));

        await File.WriteAllTextAsync(_folder["target"], "", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(_folder["link"], _folder["target"]);
        Assert.Equal(0, (await cluster.RunAsync($"snapshot export x --file {_folder["link"]}")).ExitCode);
        Assert.Equal(_folder["target"], new FileInfo(_folder["link"]).LinkTarget);
        Assert.Equal(text, await File.ReadAllTextAsync(_folder["target"], TestContext.Current.CancellationToken));

        using (var made = System.Diagnostics.Process.Start("mkfifo", _folder["pipe"])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var read = Task.Run(() => File.ReadAllTextAsync(_folder["pipe"], TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await cluster.RunAsync($"snapshot export x --file {_folder["pipe"]}")).ExitCode);
        Assert.Equal(text, await read);
        Assert.False(Directory.GetFiles(_folder.Path, "*.tmp").Length > 0);
    }

    private static IEnumerable<byte[]> Malformed(byte[] whole)
    {
        foreach (var length in new[] { 0, 5, 20, 30, whole.Length / 4, whole.Length / 2, whole.Length - 33, whole.Length - 1 }) yield return whole[..length];
        for (var part = 1; part <= 6; part++)
        {
            var flipped = whole.ToArray();
            flipped[(whole.Length * part / 6) - 1] ^= 4;
            yield return flipped;
        }

        foreach (var length in new[] { 1L << 62, -1L })
        {
            var huge = whole.ToArray();
            BinaryPrimitives.WriteInt64LittleEndian(huge.AsSpan("snapshots archive 1\n".Length + 1), length);
            yield return huge;
        }

        yield return [.. "snapshots archive 2\n"u8, .. whole["snapshots archive 1\n".Length..]];
        yield return [.. "snapshots archive -\n"u8, .. whole["snapshots archive 1\n".Length..]];
        yield return [.. whole, .. whole];
        yield return [.. "PK"u8, .. whole];
    }

    private async Task<SnapshotSummary> ImportAsync(BankCluster other)
    {
        var gateway = IPEndPoint.Parse(other.Gateway);
        var settings = new ConnectionSettings(
            new DnsEndPoint(gateway.Address.ToString(), gateway.Port), null, "", "snapshots", "bank", TimeSpan.FromSeconds(30), false, "bank");
        await using var connection = await BankConnection.OpenAsync(settings, TestContext.Current.CancellationToken);
        var (path, cancelled) = (_folder["first"], TestContext.Current.CancellationToken);
        return await ArchiveFiles.ImportAsync(
            connection, path, await ArchiveFiles.ProveAsync(path, BankApplication.Name, cancelled), cancelled);
    }

    /// <summary>All records in an order of their own, with every stored byte.</summary>
    private async Task<string> ContentAsync(string name)
    {
        await using var input = File.OpenRead(_folder[name]);
        var reader = await ArchiveReader.OpenAsync(input, TestContext.Current.CancellationToken);
        var lines = new List<string>();
        await foreach (var (member, report) in reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            lines.Add(report switch
            {
                LocalReport<ArchivedState> local => $"{local.Process} {Hex(local.State.State)} {Hex(local.State.Requests)} {Hex(local.State.Json)} "
                    + string.Join(' ', local.Sent.Concat(local.Delivered)),
                ChannelReport<ArchivedMessage> channel => $"{channel.Source} {channel.Process} {channel.DeliveredBefore} "
                    + string.Join(' ', channel.Messages.Select(message => Hex(message.Message) + Hex(message.Json))),
                _ => member.Value,
            });
        }

        Assert.Contains(lines, line => line.StartsWith("alice ", StringComparison.Ordinal));
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);
}
