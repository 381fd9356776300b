using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Client.Tests;

public sealed class JournalTests : IDisposable
{
    private const string First = """{"id":"t-1","from":"a","to":"b","amount":5,"outcome":"unknown"}""";
    private const string FirstAccepted = """{"id":"t-1","from":"a","to":"b","amount":5,"outcome":"accepted"}""";
    private const string Second = """{"id":"t-2","from":"b","to":"a","amount":7,"outcome":"unknown"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_written_is_there_at_once_and_read_again()
    {
        var transfer = new Transfer(new RequestKey("t-1"), new ProcessId("a"), new ProcessId("b"), new Amount(5));
        using (var journal = TransferJournal.Open(_folder["j"]))
        {
            journal.Write(transfer, TransferOutcome.Unknown);
            Assert.Equal(First.Length + 1, new FileInfo(_folder["j"]).Length);
        }

        Assert.Equal([transfer], await ReadUnknownAsync());
        using (var journal = TransferJournal.Open(_folder["j"])) journal.Write(transfer, TransferOutcome.Accepted);
        Assert.Empty(await ReadUnknownAsync());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData($"{First}\n", "t-1")]
    [InlineData($"{First}\n{Second}\n{FirstAccepted}\n", "t-2")]
    [InlineData($"{First}\n{FirstAccepted}\n{First}\n", "t-1")]
    [InlineData($"{First}\n{{\"id\":\"t-1\",\"from", "t-1")]
    [InlineData($"{First}\n{FirstAccepted}", "t-1")]
    public async Task The_last_whole_line_of_an_id_counts(string journal, string unknown)
    {
        await WriteAsync(journal);
        Assert.Equal(unknown, string.Join(' ', (await ReadUnknownAsync()).Select(transfer => transfer.Key)));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"id":"t-1","from":"a","to":"b","amount":5}""")]
    [InlineData("""{"id":"t-1","from":"a","to":"b","amount":0,"outcome":"unknown"}""")]
    [InlineData("""{"id":"t-1","from":"a","to":"a","amount":5,"outcome":"unknown"}""")]
    [InlineData("""{"id":"t/1","from":"a","to":"b","amount":5,"outcome":"unknown"}""")]
    [InlineData("""{"id":"t-1","from":null,"to":"b","amount":5,"outcome":"unknown"}""")]
    [InlineData("""{"id":"t-1","from":"a","to":"b","amount":5,"outcome":"maybe"}""")]
    public async Task Garbage_is_named_with_its_line(string garbage)
    {
        await WriteAsync($"{First}\n{garbage}\n{Second}\n");
        var exception = await Assert.ThrowsAsync<ClientException>(ReadUnknownAsync);
        Assert.Equal(ErrorCode.InvalidInput, exception.Code);
        Assert.StartsWith($"{_folder["j"]}, line 2: ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("torn", "")]
    [InlineData($"{First}\n", $"{First}\n")]
    [InlineData($"{First}\n{{\"id\":\"t-1\",\"from", $"{First}\n")]
    public async Task Going_on_with_a_journal_removes_a_line_that_was_torn(string before, string after)
    {
        await WriteAsync(before);
        TransferJournal.Open(_folder["j"]).Dispose();
        Assert.Equal(after, await File.ReadAllTextAsync(_folder["j"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Two_runs_cannot_write_the_same_journal()
    {
        using var journal = TransferJournal.Open(_folder["j"]);
        Assert.Throws<ClientException>(() => TransferJournal.Open(_folder["j"]));
    }

    [Fact]
    public void A_journal_that_cannot_be_written_is_named()
    {
        var exception = Assert.Throws<ClientException>(() => TransferJournal.Open(_folder.Path));
        Assert.Equal(ErrorCode.Unexpected, exception.Code);
        Assert.StartsWith(
            $"the journal {_folder.Path} cannot be written: ", exception.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<Transfer>> ReadUnknownAsync() =>
        JournalReader.ReadUnknownAsync(_folder["j"], TestContext.Current.CancellationToken);

    private Task WriteAsync(string text) =>
        File.WriteAllTextAsync(_folder["j"], text, TestContext.Current.CancellationToken);
}
