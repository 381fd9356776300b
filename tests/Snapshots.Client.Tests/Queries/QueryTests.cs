namespace Snapshots.Client.Tests;

public sealed class QueryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_tables_have_a_row_for_each_process_channel_and_message()
    {
        var file = DocumentFiles.WriteBank(_folder["bank.json"]);
        Assert.Equal(
            """[{"source":"alice","count(*)":1,"sum(amount)":30}]""",
            await JsonAsync(file, "select source, count(*), sum(amount) from messages group by source"));
        Assert.Equal(
            """[{"id":"alice","balance":70,"open":1},{"id":"bob","balance":0,"open":1}]""",
            await JsonAsync(file, "select id, balance, open from processes order by id"));
        Assert.Equal(
            """[{"source":"alice","target":"bob","sent":3,"delivered":2},{"source":"bob","target":"alice","sent":0,"delivered":0}]""",
            await JsonAsync(file, "select * from channels"));
        Assert.Equal(
            """[{"sequence":3,"content":"{\"type\":\"transfer\",\"transferId\":\"t-9\",\"amount\":30}"}]""",
            await JsonAsync(file, "select sequence, content from messages;  -- a comment is no statement"));
        Assert.Equal(
            """[{"total":100}]""",
            await JsonAsync(
                file, "select (select sum(balance) from processes) + (select sum(amount) from messages) as total"));
    }

    [Fact]
    public async Task A_bank_with_nothing_in_transit_answers_as_well()
    {
        var file = DocumentFiles.Write(
            _folder["empty.json"], application: null, [("a", """{"balance":1,"deposited":1,"withdrawn":0}""")], []);
        Assert.Equal(
            "[]", await JsonAsync(file, "select source, count(*), sum(amount) from messages group by source"));
        Assert.Equal("""[{"sum(amount)":null}]""", await JsonAsync(file, "select sum(amount) from messages"));
    }

    [Fact]
    public async Task Another_snapshot_is_the_schema_other()
    {
        var (before, after) =
            (DocumentFiles.WriteBank(_folder["a.json"], 30), DocumentFiles.WriteBank(_folder["b.json"], 45));
        var result = await InProcess.RunAsync(
            "snapshot", "query", "--file", after, "--against", before, "-o", "json",
            "select p.id, q.balance as was, p.balance from processes p join other.processes q using (id) where p.state <> q.state");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("""[{"id":"alice","was":70,"balance":55}]""", Compact(result));
    }

    [Fact]
    public async Task A_field_that_is_called_like_another_column_gets_an_underscore()
    {
        var file = Write(
            """{"id":1,"Amount":2,"amount":3,"STATE":4,"_id":5,"a\"b":6,"":7,"rowid":8,"select":9}""");
        Assert.Equal(
            """[{"id":"p","state":"{}","__id":1,"Amount":2,"_amount":3,"_STATE":4,"_id":5,"a\"b":6,"":7,"rowid":8,"select":9}]""",
            await JsonAsync(
                file, "select id, '{}' as state, __id, Amount, _amount, _STATE, _id, \"a\"\"b\", \"\", rowid, \"select\" from processes"));
    }

    [Fact]
    public async Task Values_keep_their_types_and_integers_every_digit()
    {
        var file = DocumentFiles.Write(
            _folder["f.json"],
            "stock",
            [
                ("p", """{"v":9007199254740993,"deep":{"x":[1, 2]},"only":null,"mixed":"text"}"""),
                ("q", """{"v":1.5,"deep":{"x":[]},"mixed":{"a": 1}}"""),
                ("r", """{"v":true,"mixed":2}"""),
                ("s", """{"v":-0.5,"mixed":"\u00e9\n"}"""),
                ("t", "[1,2]"),
            ],
            []);
        Assert.Equal(
            """[{"id":"p","v":9007199254740993,"typeof(v)":"integer","only":null,"mixed":"text"},"""
            + """{"id":"q","v":1.5,"typeof(v)":"real","only":null,"mixed":"{\"a\":1}"},"""
            + """{"id":"r","v":1,"typeof(v)":"integer","only":null,"mixed":2},"""
            + """{"id":"s","v":-0.5,"typeof(v)":"real","only":null,"mixed":"é\n"},"""
            + """{"id":"t","v":null,"typeof(v)":"null","only":null,"mixed":null}]""",
            await JsonAsync(file, "select id, v, typeof(v), only, mixed from processes order by id"));
        Assert.Equal(
            """[{"x":2}]""", await JsonAsync(file, "select state ->> '$.deep.x[1]' as x from processes where id = 'p'"));
        Assert.Equal(2, (await RunAsync(file, "select deep from processes")).ExitCode);
    }

    [Fact]
    public async Task More_fields_than_a_table_can_have_are_left_out_and_said_so()
    {
        var fields = string.Join(',', Enumerable.Range(0, 2500).Select(number => $"\"f{number}\":{number}"));
        var result = await RunAsync(Write($"{{{fields}}}"), "select f999, state ->> 'f2499' as last from processes");
        Assert.Equal("""[{"f999":999,"last":2499}]""", Compact(result));
        Assert.Contains("only the first 1000 fields", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(Write($"{{{fields}}}"), "select f1000 from processes")).ExitCode);
    }

    [Fact]
    public async Task Rows_are_also_printed_as_lines_csv_and_a_table()
    {
        var file = Write("""{"text":"a,\"b\"\n","empty":"","none":null,"n":1}""");
        const string Sql = "select text, empty, none, n, n from processes";
        Assert.Equal(
            "{\"text\":\"a,\\\"b\\\"\\n\",\"empty\":\"\",\"none\":null,\"n\":1,\"n_2\":1}\n",
            (await InProcess.RunAsync("snapshot", "query", "--file", file, Sql, "-o", "jsonl")).Output);
        Assert.Equal(
            "text,empty,none,n,n\n\"a,\"\"b\"\"\n\",\"\",,1,1\n",
            (await InProcess.RunAsync("snapshot", "query", "--file", file, Sql, "-o", "csv")).Output);
        var table = (await InProcess.RunAsync("snapshot", "query", "--file", file, Sql)).Output;
        Assert.Contains("a,\"b\"\uFFFD", table, StringComparison.Ordinal);
        Assert.Equal(2, (await InProcess.RunAsync("account list -o csv")).ExitCode);
    }

    [Fact]
    public async Task No_row_is_an_empty_array_and_rows_can_be_a_failure()
    {
        var file = DocumentFiles.WriteBank(_folder["f.json"]);
        var none = await RunAsync(file, "select * from processes where balance < 0", "--fail-if-rows");
        Assert.Equal((0, "[]"), (none.ExitCode, Compact(none)));
        var some = await RunAsync(file, "select id from processes where balance > 0", "--fail-if-rows");
        Assert.Equal((6, """[{"id":"alice"}]"""), (some.ExitCode, Compact(some)));
    }

    [Theory]
    [InlineData("attach ':memory:' as more")]
    [InlineData("attach '/tmp/no-such-file' as more")]
    [InlineData("detach other")]
    [InlineData("pragma journal_mode")]
    [InlineData("pragma temp_store_directory = '/tmp'")]
    [InlineData("select * from pragma_database_list")]
    [InlineData("insert into processes(id) values ('x')")]
    [InlineData("update processes set balance = 0")]
    [InlineData("delete from processes")]
    [InlineData("create table more(a)")]
    [InlineData("create temp table more(a)")]
    [InlineData("create temp view more as select 1")]
    [InlineData("drop table processes")]
    [InlineData("alter table processes rename to more")]
    [InlineData("create virtual table more using fts5(a)")]
    [InlineData("vacuum")]
    [InlineData("vacuum into '/tmp/no-such-file'")]
    [InlineData("begin")]
    [InlineData("savepoint s")]
    [InlineData("reindex")]
    [InlineData("analyze")]
    [InlineData("select load_extension('/tmp/x.so')")]
    [InlineData("select 1; select 2")]
    [InlineData("select 1; drop table processes")]
    [InlineData("with x as (select 1) delete from processes")]
    [InlineData("explain attach 'x' as more")]
    [InlineData("")]
    [InlineData("  -- nothing")]
    [InlineData(";")]
    [InlineData("selct 1")]
    [InlineData("select no_such_column from processes")]
    [InlineData("select * from no_such_table")]
    [InlineData("select abs(-9223372036854775807 - 1)")]
    public async Task A_statement_that_is_wrong_or_does_not_only_read_is_refused(string sql)
    {
        var result = await RunAsync(DocumentFiles.WriteBank(_folder["f.json"]), sql);
        Assert.True((2, "invalidInput") == (result.ExitCode, result.ErrorCode), result.ToString());
        Assert.False(File.Exists("/tmp/no-such-file"));
    }

    [Theory]
    [InlineData("with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c")]
    [InlineData("select count(*) from json_each(printf('[%.*c1]', 100000, '1,')) a, processes b, processes c, (with recursive n(x) as (select 1 union all select x + 1 from n) select x from n)")]
    [InlineData("with recursive c(x) as (select 1 union all select x + 1 from c) select x from c")]
    public async Task An_endless_statement_is_stopped_at_the_timeout(string sql)
    {
        var result = await RunAsync(DocumentFiles.WriteBank(_folder["f.json"]), sql, "--timeout", "0.3");
        Assert.True((4, "timeout") == (result.ExitCode, result.ErrorCode), result.ToString());
    }

    [Fact]
    public async Task What_is_asked_for_is_checked_before_a_connection_is_tried()
    {
        Assert.Equal(2, (await InProcess.RunAsync("snapshot", "query", "s-1")).ExitCode);
        Assert.Equal(2, (await InProcess.RunAsync("snapshot", "query", "not an id", "select 1")).ExitCode);
        Assert.Equal(2, (await InProcess.RunAsync("snapshot", "query", "--file", "f", "s-1", "select 1")).ExitCode);
        Assert.Equal(3, (await InProcess.RunAsync("snapshot", "query", "./no-such", "select 1")).ExitCode);
        Assert.Equal(
            3, (await InProcess.RunAsync("snapshot", "query", "s-1", "select 1", "--against", "./no-such")).ExitCode);
        await File.WriteAllTextAsync(_folder["f"], "{}", TestContext.Current.CancellationToken);
        Assert.Equal(2, (await InProcess.RunAsync("snapshot", "query", "--file", _folder["f"], "select 1")).ExitCode);
    }

    private static string Compact(ProgramResult result) => result.Json.GetRawText() is var text
        ? System.Text.Json.Nodes.JsonNode.Parse(text)!.ToJsonString(
            new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
        : string.Empty;

    private static async Task<string> JsonAsync(string file, string sql)
    {
        var result = await RunAsync(file, sql);
        Assert.True(result.ExitCode == 0, result.ToString());
        return Compact(result);
    }

    private static Task<ProgramResult> RunAsync(string file, string sql, params string[] options) =>
        InProcess.RunAsync(["snapshot", "query", "--file", file, "-o", "json", .. options, "--", sql]);

    private string Write(string state) => DocumentFiles.Write(_folder["f.json"], "stock", [("p", state)], []);
}
