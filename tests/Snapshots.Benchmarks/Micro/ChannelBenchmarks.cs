using BenchmarkDotNet.Attributes;
using Snapshots.Bank;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Benchmarks;

/// <summary>
/// One message, step by step: decide, send, deliver, acknowledge. Each with the effects taken, as a commit of one step
/// does.
/// </summary>
public class ChannelBenchmarks
{
    private const int Messages = 10_000;

    private readonly Reaction<AccountState, BankMessage> _payment = CoreProcesses.Pay(CoreProcesses.Name(1));
    private readonly TransferRequest _request =
        new(RequestKeys.Create(DateTimeOffset.UnixEpoch.AddDays(2), random: 1), CoreProcesses.Name(1), new Amount(1));

    private readonly RequestMemory _busy = CoreProcesses.Remembering(1000);
    private Process<AccountState, BankMessage> _sender = CoreProcesses.Create(0);
    private Process<AccountState, BankMessage> _receiver = CoreProcesses.Create(1);
    private List<Frame<BankMessage>> _frames = [];
    private List<Acknowledgement> _acknowledgements = [];

    [IterationSetup(Target = nameof(Send))]
    public void SetUpSend() => _sender = CoreProcesses.Create(0);

    [IterationSetup(Target = nameof(Deliver))]
    public void SetUpDeliver()
    {
        SetUpSend();
        _receiver = CoreProcesses.Create(1);
        _frames = [];
        for (var message = 0; message < Messages; message++)
        {
            _sender.Apply(_payment, default);
            _frames.AddRange(_sender.TakeEffects().Frames);
        }
    }

    [IterationSetup(Target = nameof(Acknowledge))]
    public void SetUpAcknowledge()
    {
        SetUpDeliver();
        _acknowledgements = [];
        foreach (var frame in _frames)
        {
            _receiver.Receive(frame, default);
            _acknowledgements.AddRange(_receiver.TakeEffects().Acknowledgements);
        }
    }

    [Benchmark]
    public Execution Decide() => Account.Execute(CoreProcesses.Name(0), CoreProcesses.Rich, _request);

    /// <summary>At an account that remembers a thousand requests.</summary>
    [Benchmark]
    public KeyStanding FindBusy() => _busy.Find(
        _request.Key, _request.Fingerprint, CoreProcesses.WallMs, RequestLimits.Default, out _);

    [Benchmark(OperationsPerInvoke = Messages)]
    public void Send()
    {
        for (var message = 0; message < Messages; message++)
        {
            _sender.Apply(_payment, default);
            _sender.TakeEffects();
        }
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public void Deliver()
    {
        foreach (var frame in _frames)
        {
            _receiver.Receive(frame, default);
            _receiver.TakeEffects();
        }
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public void Acknowledge()
    {
        foreach (var acknowledgement in _acknowledgements)
        {
            _sender.Receive(acknowledgement, default);
            _sender.TakeEffects();
        }
    }
}
