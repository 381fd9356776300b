using System.Xml.Linq;
using Snapshots.Protocol;
using Snapshots.Samples;
using Snapshots.Scripts;

namespace Snapshots.Diagrams.Tests;

/// <summary>Runs the scripts of the repository for pictures.</summary>
internal static class Scenarios
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "scenarios");

    public static TheoryData<string> All => [.. Files];

    /// <summary>The scripts that say what is in a channel.</summary>
    public static TheoryData<string> OfTokens => [.. Files.Where(file =>
        !file.StartsWith("locks", StringComparison.Ordinal) && !file.StartsWith("objects", StringComparison.Ordinal))];

    private static IEnumerable<string> Files =>
        Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    public static async Task<Script> ReadAsync(string file)
    {
        await using var stream = File.OpenRead(Path.Combine(Folder, file));
        return await Script.ReadAsync(stream, TestContext.Current.CancellationToken);
    }

    public static async Task<SpaceTime> RunAsync(string file)
    {
        var script = await ReadAsync(file);
        return script.Application switch
        {
            LocksApplication.Name => (await RunAsync(script, LocksScripts.Instance, file)).Run,
            ObjectsApplication.Name => (await RunAsync(script, ObjectsScripts.Instance, file)).Run,
            _ => (await RunAsync(script, TokenScripts.Instance, file)).Run,
        };
    }

    public static async Task<(SpaceTime Run, ReplayResult<TState, TMessage> Result)> RunAsync<TState, TMessage>(
        Script script, ScriptApplication<TState, TMessage> application, string title)
    {
        var history = new ScriptHistory<TState, TMessage>(title);
        var engine = new CoreScriptEngine<TState, TMessage>(application);
        var result = await ScriptRunner.RunAsync(script, engine, history, TestContext.Current.CancellationToken);
        return (history.ToSpaceTime(result), result);
    }

    public static async Task<GlobalState<TState, TMessage>> CutAsync<TState, TMessage>(
        string file, ScriptApplication<TState, TMessage> application, string snapshot)
    {
        var (_, result) = await RunAsync(await ReadAsync(file), application, file);
        return Assert.Single(result.Snapshots, each => each.Id == new SnapshotId(snapshot)).State!;
    }
}

/// <summary>Reads a picture as a browser does.</summary>
internal static class Svg
{
    private static readonly XNamespace Names = "http://www.w3.org/2000/svg";

    public static XElement Read(string svg) => XDocument.Parse(svg).Root!;

    public static IEnumerable<XElement> All(this XElement svg, string name) => svg.Descendants(Names + name);

    public static IEnumerable<string> Texts(this XElement svg, string style) =>
        svg.All("text").Where(text => text.Has(style)).Select(text => text.Value);

    public static bool Has(this XElement element, string style) =>
        ((string?)element.Attribute("class") ?? string.Empty).Split(' ').Contains(style);

    public static string TitleOf(this XElement element) => element.Element(Names + "title")!.Value;

    public static List<string> TitlesOf(this XElement svg, string style) =>
        [.. svg.All("g").Where(group => group.Has(style) && !group.Has("sample")).Select(TitleOf)];
}
