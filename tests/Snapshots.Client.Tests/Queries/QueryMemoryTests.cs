namespace Snapshots.Client.Tests;

/// <summary>
/// SQLite's limit of memory is one of the whole process, so nothing else may run a query, and lift it, meanwhile.
/// </summary>
[CollectionDefinition(nameof(QueryMemoryTests), DisableParallelization = true)]
[Collection(nameof(QueryMemoryTests))]
public sealed class QueryMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("select zeroblob(2000000000)")]
    [InlineData("select replace(hex(zeroblob(60000000)), '0', 'xxxxxxxxxx')")]
    [InlineData("with recursive c(n, x) as (select 1, hex(zeroblob(50000000)) union all select n + 1, hex(zeroblob(50000000)) from c limit 100) select count(*) from (select * from c order by x)")]
    public async Task A_statement_that_needs_too_much_memory_is_refused(string sql)
    {
        var before = Environment.WorkingSet;
        var file = DocumentFiles.WriteBank(_folder["f.json"]);
        var result = await InProcess.RunAsync(
            "snapshot", "query", "--file", file, "-o", "json", "--timeout", "60", "--", sql);
        Assert.True((2, "invalidInput") == (result.ExitCode, result.ErrorCode), result.ToString());
        Assert.True(Environment.WorkingSet - before < 3L << 30);
    }
}
