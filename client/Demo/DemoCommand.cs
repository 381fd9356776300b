using System.Text.Json;
using Snapshots.Scripts;

namespace Snapshots.Client;

/// <summary><c>demo</c>: two stories, on an embedded silo.</summary>
internal sealed class DemoCommand(CommandContext context)
    : ClientCommand("demo", "Two stories about snapshots, on a silo in this process; needs nothing, leaves nothing.", context)
{
    protected override async Task<int> RunAsync(CommandRun run)
    {
        var tokens = TokenStory.Tell();
        run.Terminal.ShowNow(page => TokenStoryReport.Show(page, tokens));
        var bank = await BankStory.RunAsync(run);
        return run.Terminal.ShowObject(writer => Write(writer, tokens, bank), page => Conclude(page, tokens, bank), FailureOf(tokens, bank));
    }

    private static Failure? FailureOf(TokenStoryResult tokens, BankStoryResult bank)
    {
        if (!tokens.Holds) return new(ErrorCode.PropertyViolated, "the story of the tokens did not hold in this run");
        return bank.Complaint is { } complaint
            ? new(ErrorCode.PropertyViolated, $"the story of the bank did not hold in this run: {complaint}")
            : null;
    }

    private static void Write(Utf8JsonWriter writer, TokenStoryResult tokens, BankStoryResult bank)
    {
        writer.WritePropertyName("tokens");
        TokenStoryReport.Write(writer, tokens);
        writer.WritePropertyName("bank");
        BankStoryReport.Write(writer, bank);
    }

    private static void Conclude(Page page, TokenStoryResult tokens, BankStoryResult bank)
    {
        BankStoryReport.Conclude(page, bank);
        if (FailureOf(tokens, bank) is null) page.Line("Everything above was checked in this very run.");
    }
}
