using System.Buffers.Binary;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Writes what makes two things the same, as bytes.</summary>
internal sealed class KeyWriter
{
    private byte[] _bytes = new byte[1024];
    private int _length;

    /// <summary>What was written since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public KeyWriter Clear()
    {
        _length = 0;
        return this;
    }

    public KeyWriter Add(long value)
    {
        if (_length + sizeof(long) > _bytes.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(long);
        return this;
    }

    public KeyWriter Add(IReadOnlyList<int> values)
    {
        Add(values.Count);
        for (var index = 0; index < values.Count; index++) Add(values[index]);
        return this;
    }

    /// <summary>A name of one letter.</summary>
    public KeyWriter Add(ProcessId process) => Add(process.Value.Length == 0 ? 0 : process.Value[0]);

    public KeyWriter Add(LedgerMessage message) => Add(message.Identity).Add(message.Amount);

    public KeyWriter Add(LedgerState state)
    {
        Add(state.Steps).Add(state.Own).Add(state.Received).Add(state.Deposited).Add(state.Outcomes.Length);
        foreach (var outcome in state.Outcomes) Add((outcome.Key * 2L) + (outcome.IsAccepted ? 1 : 0));
        return this;
    }

    public KeyWriter Add(LedgerFrame frame)
    {
        Add(frame.Channel.Source).Add(frame.Channel.Target).Add(frame.Epoch.Value).Add(frame.First.Value).Add(frame.Last.Value);
        return frame.Content switch
        {
            MessageContent<LedgerMessage> content => Add(1).Add(content.Number.Value).Add(content.Message),
            MarkerContent<LedgerMessage> content => Add(2).Add(content.Snapshot.Value).Add(content.SentBefore.Value),
            _ => Add(3),
        };
    }

    public KeyWriter Add(Report report)
    {
        Add(report.Snapshot.Value).Add(report.Epoch.Value).Add(report.Process);
        switch (report)
        {
            case LocalReport<LedgerState> local:
                Add(1).Add(local.State).Add(local.Sent.Length);
                foreach (var (peer, count) in local.Sent) Add(peer).Add(count.Value);
                Add(local.Delivered.Length);
                foreach (var (peer, count) in local.Delivered) Add(peer).Add(count.Value);
                return this;
            case ChannelReport<LedgerMessage> channel:
                Add(2).Add(channel.Source).Add(channel.DeliveredBefore.Value).Add(channel.Messages.Length);
                foreach (var message in channel.Messages) Add(message);
                return this;
            default:
                return Add(3);
        }
    }
}
