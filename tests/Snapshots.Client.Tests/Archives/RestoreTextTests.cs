using System.Text;
using System.Text.Json;
using Snapshots.Protocol;
using Snapshots.Reading;
using Spectre.Console;

namespace Snapshots.Client.Tests;

public sealed class RestoreTextTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(2, true)]
    public void A_restore_says_how_many_processes_stay_damaged(int damaged, bool isSaid)
    {
        var view = new RestoreView(
            new(new(1), new("s-1"), new(1), Epoch.First, RestoreStatus.Completed, string.Empty, TakesSafety: false, 0)
            {
                Counts = new(3, 0, 0, damaged),
                EndedAtMs = 5,
            },
            []);
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = 160;
        RestoreText.Show(new Page(console, isTerminal: false), view);
        Assert.Equal(isSaid, text.ToString().Contains("2 processes took no part: restore once more, with --no-safety", StringComparison.Ordinal));

        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            RestoreJson.Write(writer, view);
            writer.WriteEndObject();
        }

        Assert.Contains($"\"processesDamaged\":{damaged},", Encoding.UTF8.GetString(json.ToArray()), StringComparison.Ordinal);
    }
}
