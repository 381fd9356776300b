using System.CommandLine.Parsing;
using Snapshots.Scripts;

namespace Snapshots.Client;

/// <summary><c>demo [--story NAME…]</c>: stories about snapshots, on embedded silos.</summary>
internal sealed class DemoCommand : ClientCommand
{
    /// <summary>Stories that are told in one go are one entry.</summary>
    private static readonly (string[] Names, Func<CommandRun, Task<StoryOutcome[]>> Tell)[] Tellings =
    [
        (["tokens"], TellTokensAsync),
        (["bank", "restore"], TellBankAsync),
        (["deadlock"], async run => [await DeadlockStory.TellAsync(run)]),
        (["garbage"], async run => [await GarbageStory.TellAsync(run)]),
    ];

    private static readonly string[] Names = [.. Tellings.SelectMany(telling => telling.Names)];

    private readonly Option<string[]> _stories = new("--story")
    {
        HelpName = "NAME",
        Description = $"Tell only these stories: {string.Join(", ", Names)}",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ReadStories,
    };

    public DemoCommand(CommandContext context)
        : base("demo", "Tell stories about snapshots on silos in this process, in temporary folders.", context)
    {
        _stories.CompletionSources.Add(Names);
        Add(_stories);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var asked = run.Get(_stories) is { Length: > 0 } names ? names : Names;
        var outcomes = new List<StoryOutcome>();
        foreach (var (told, tell) in Tellings)
        {
            if (told.Intersect(asked).Any())
                outcomes.AddRange((await tell(run)).Where(outcome => asked.Contains(outcome.Name)));
        }

        var failed = outcomes.Find(outcome => outcome.Complaint is not null);
        return run.Terminal.ShowObject(
            writer => outcomes.ForEach(outcome =>
            {
                writer.WritePropertyName(outcome.Name);
                outcome.Write(writer);
            }),
            page => page.Line(failed is null ? "Everything above was checked in this very run." : string.Empty),
            failed is null
                ? null
                : new(
                    ErrorCode.PropertyViolated,
                    $"the story {failed.Name} did not hold in this run: {failed.Complaint}"));
    }

    private static string[] ReadStories(ArgumentResult result)
    {
        string[] names = [.. result.Tokens.Select(token => token.Value)];
        if (names.Except(Names).FirstOrDefault() is { } unknown)
            result.AddError($"--story: '{unknown}' is not one of {string.Join(", ", Names)}");

        return names;
    }

    private static Task<StoryOutcome[]> TellTokensAsync(CommandRun run)
    {
        var story = TokenStory.Tell();
        run.Terminal.ShowNow(page => TokenStoryReport.Show(page, story));
        var complaint = story.Holds ? null : "a claim failed";
        return Task.FromResult<StoryOutcome[]>(
            [new("tokens", writer => TokenStoryReport.Write(writer, story), complaint)]);
    }

    private static async Task<StoryOutcome[]> TellBankAsync(CommandRun run)
    {
        var story = await BankStory.RunAsync(run);
        run.Terminal.ShowNow(page =>
        {
            BankStoryReport.Conclude(page, story);
            story.Restore.Show(page);
        });
        return
        [
            new("bank", writer => BankStoryReport.Write(writer, story), story.Complaint),
            new("restore", story.Restore.Write, story.Restore.Holds ? null : "the bank is not as the snapshot says"),
        ];
    }
}

/// <summary>The result of one story.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Write">Writes its figures as one JSON value.</param>
/// <param name="Complaint">The claim that failed in this run; null if all held.</param>
internal sealed record StoryOutcome(string Name, Action<Utf8JsonWriter> Write, string? Complaint);
