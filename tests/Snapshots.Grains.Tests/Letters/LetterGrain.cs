using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

[SnapshotProcess(LetterApplication.Name)]
internal sealed class LetterGrain(ProcessServices services)
    : ProcessGrain<LetterState, Letter>(services, LetterApplication.Instance), ILetterGrain
{
    public Task DepositAsync(long amount) => StepAsync(state => new Step<LetterState, Letter, bool>(
        true, new(state with { Deposited = state.Deposited + amount, Balance = state.Balance + amount })));

    public Task SendAsync(ProcessId target, params long[] amounts) => StepAsync(state => new Step<LetterState, Letter, bool>(
        true,
        new(state with { Balance = state.Balance - amounts.Sum() }, [.. amounts.Select(amount => new Outgoing<Letter>(target, new Letter(amount)))])));

    public Task<ImmutableArray<string?>> SendToAllAsync(long amount, ImmutableArray<ProcessId> targets) => StepAllAsync(targets, (state, target) =>
    {
        if (target == Self) throw new ArgumentException("nobody writes to himself", nameof(targets));
        var after = state with { Balance = state.Balance - amount };
        return new Step<LetterState, Letter, string>($"{after.Balance}", new(after, [new Outgoing<Letter>(target, new Letter(amount))]));
    });

    public Task<LetterState> GetAsync() => ReadAsync((state, _) => state);

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
