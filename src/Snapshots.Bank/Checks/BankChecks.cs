using Snapshots.Detection;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>
/// Whether no money was made or lost: an invariant. The witness is the equation, if it does not hold.
/// </summary>
public sealed class ConservationCheck : ISnapshotCheck<AccountState, BankMessage>
{
    /// <inheritdoc/>
    public string Name => "conservation";

    /// <inheritdoc/>
    public CheckClass Class => CheckClass.Invariant;

    /// <inheritdoc/>
    public bool IsAlarm => true;

    /// <inheritdoc/>
    public ICheckRun<AccountState, BankMessage> Begin() => new Run();

    private sealed class Run : ICheckRun<AccountState, BankMessage>
    {
        private ConservationTotals _totals = new(0, 0, 0, 0);

        public void Add(ProcessState<AccountState> process) => _totals = _totals.With(process.State);

        public void Add(ChannelState<BankMessage> channel)
        {
            foreach (var message in channel.Messages) _totals = _totals.With(message.Message);
        }

        public CheckAnswer Conclude() => new(_totals.Holds, _totals.Holds ? [] : [_totals.ToString()]);
    }
}

/// <summary>
/// Whether nothing was in transit, as it was observed on the cut. The witness is the channels that were not empty.
/// </summary>
public sealed class QuietCheck : ISnapshotCheck<AccountState, BankMessage>
{
    /// <summary>More channels are not named.</summary>
    private const int MaxNamed = 10;

    /// <inheritdoc/>
    public string Name => "quiet";

    /// <inheritdoc/>
    public CheckClass Class => CheckClass.Observed;

    /// <inheritdoc/>
    public bool IsAlarm => false;

    /// <inheritdoc/>
    public ICheckRun<AccountState, BankMessage> Begin() => new Run();

    private sealed class Run : ICheckRun<AccountState, BankMessage>
    {
        /// <summary>The first channels in order; at most <see cref="MaxNamed"/> of them.</summary>
        private readonly SortedSet<ChannelId> _busy = [];

        public void Add(ProcessState<AccountState> process)
        {
        }

        public void Add(ChannelState<BankMessage> channel)
        {
            if (channel.Messages.IsEmpty) return;
            _busy.Add(channel.Channel);
            if (_busy.Count > MaxNamed) _busy.Remove(_busy.Max);
        }

        public CheckAnswer Conclude() => new(_busy.Count == 0, [.. _busy.Select(channel => channel.ToString())]);
    }
}
