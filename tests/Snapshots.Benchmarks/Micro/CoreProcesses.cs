using System.Globalization;
using Snapshots.Bank;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Benchmarks;

/// <summary>Processes of the core, as the benchmarks of its hot paths need them.</summary>
internal static class CoreProcesses
{
    private const long Money = 1L << 40;

    /// <summary>So wide that a benchmark may send without waiting for acknowledgements.</summary>
    private static readonly ProtocolLimits Limits =
        ProtocolLimits.Default with { Window = 1 << 20, MaxRecordedMessages = 1 << 20 };

    public static AccountState Rich { get; } = new(open: true, Money, Money, 0);

    /// <summary>The clock of the accounts.</summary>
    public static long WallMs { get; } = DateTimeOffset.UnixEpoch.AddDays(2).ToUnixTimeMilliseconds();

    public static RequestKey Key { get; } = RequestKeys.Create(DateTimeOffset.UnixEpoch, random: 1);

    public static ProcessId Name(int index) => new(string.Create(CultureInfo.InvariantCulture, $"account-{index}"));

    /// <summary>An open account that has joined.</summary>
    public static Process<AccountState, BankMessage> Create(int index)
    {
        var process = new Process<AccountState, BankMessage>(
            Name(index), BankApplication.Instance, ChannelOpening.Pair, Limits);
        process.Join(new Epoch(1), SnapshotAnnouncement.None, default);
        process.Apply(new Reaction<AccountState, BankMessage>(Rich), default);
        process.TakeEffects();
        return process;
    }

    /// <summary>
    /// An account with channels to so many others and back, each opened and none of them with a message.
    /// </summary>
    public static Process<AccountState, BankMessage> CreateHub(int channels)
    {
        var hub = Create(0);
        for (var index = 1; index <= channels; index++) hub.OpenChannel(Name(index), default);
        hub.TakeEffects();
        return hub;
    }

    /// <summary>The memory of an account that has executed so many transfers.</summary>
    public static RequestMemory Remembering(int requests)
    {
        var memory = RequestMemory.Empty;
        for (var request = 1; request <= requests; request++)
        {
            var key = RequestKeys.Create(DateTimeOffset.UnixEpoch.AddDays(1), (ulong)request);
            memory = memory.Add(key, (ulong)request, [0], WallMs, RequestLimits.Default);
        }

        return memory;
    }

    /// <summary>One transfer as a reaction that leaves the state as it is.</summary>
    public static Reaction<AccountState, BankMessage> Pay(ProcessId target) =>
        new(Rich, [new Outgoing<BankMessage>(target, new TransferMessage(Key, new Amount(1)))]);
}
