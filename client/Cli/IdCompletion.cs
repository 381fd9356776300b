using System.CommandLine.Completions;
using System.Diagnostics.CodeAnalysis;

namespace Snapshots.Client;

/// <summary>Completes the ids of accounts and snapshots from the running cluster, if that answers at once.</summary>
internal sealed class IdCompletion(CommandContext context)
{
    private const int MaxIds = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Adds the completion to every argument and option that takes such an id.</summary>
    public void AddTo(Command command)
    {
        foreach (var argument in command.Arguments) Add(argument.ValueType, argument.CompletionSources);
        foreach (var option in command.Options) Add(option.ValueType, option.CompletionSources);
        foreach (var child in command.Subcommands) AddTo(child);
    }

    private void Add(Type type, List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources)
    {
        if (type == typeof(ProcessId)) sources.Add(completion => Find(completion, AccountsAsync));
        else if (type == typeof(SnapshotId)) sources.Add(completion => Find(completion, SnapshotsAsync));
    }

    private static async Task<IEnumerable<string>> AccountsAsync(BankConnection bank) =>
        (await bank.Snapshots.ListProcessesAsync()).Select(id => id.Value);

    private static async Task<IEnumerable<string>> SnapshotsAsync(BankConnection bank) =>
        (await bank.Snapshots.ListAsync(MaxIds)).Select(summary => summary.Id.Value);

    [SuppressMessage("Design", "CA1031", Justification = "Whatever failed, there is nothing to complete.")]
    private List<CompletionItem> Find(
        CompletionContext completion, Func<BankConnection, Task<IEnumerable<string>>> list)
    {
        try
        {
            var settings = context.Options.Connection(completion.ParseResult, context.Environment);
            settings = settings with { Timeout = Patience };
            if (settings.IsEmbedded) return []; // To start a silo takes longer than anyone waits for a completion.
            return Task.Run(async () =>
            {
                await using var bank = await BankConnection.OpenAsync(settings, CancellationToken.None);
                var ids = await list(bank).WaitAsync(Patience);
                return ids.Where(id => id.StartsWith(completion.WordToComplete, StringComparison.Ordinal)).Take(MaxIds)
                    .Select(id => new CompletionItem(id)).ToList();
            }).GetAwaiter().GetResult();
        }
        catch (Exception)
        {
            return [];
        }
    }
}
