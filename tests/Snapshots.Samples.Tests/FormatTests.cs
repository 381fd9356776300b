using System.Text.Json;
using Snapshots.Documents;

namespace Snapshots.Samples.Tests;

/// <summary>What a document holds of a sample is all of its states and messages.</summary>
public sealed class FormatTests
{
    private static readonly ProcessId A = new("A");
    private static readonly ProcessId B = new("B");
    private static readonly ProcessId L = new("L");

    [Fact]
    public void Workers_locks_and_their_messages_are_read_as_they_were_written()
    {
        LocksState[] states =
        [
            new WorkerState([L], [A, B], Any: true), WorkerState.Idle, new LockState(A, [B, A, B]), LockState.Free,
        ];
        var messages = Enum.GetValues<LocksMessageKind>().Select(kind => new LocksMessage(kind)).ToArray();
        var (readStates, readMessages) = RoundTrip(
            LocksApplication.Name,
            states,
            messages,
            LocksFormat.Instance,
            LocksFormat.ReadState,
            LocksFormat.ReadMessage);
        Assert.Equal(states, readStates);
        Assert.Equal(messages, readMessages);
    }

    [Fact]
    public void Objects_and_their_messages_are_read_as_they_were_written()
    {
        ObjectState[] states = [new(Root: true, [A, L], [B]), ObjectState.Empty];
        ObjectMessage[] messages =
        [
            new(ObjectMessageKind.Reference, A),
            new(ObjectMessageKind.TellSend, A, B),
            new(ObjectMessageKind.TellDrop, L),
        ];
        var (readStates, readMessages) = RoundTrip(
            ObjectsApplication.Name,
            states,
            messages,
            ObjectsFormat.Instance,
            ObjectsFormat.ReadState,
            ObjectsFormat.ReadMessage);
        Assert.Equal(states, readStates);
        Assert.Equal(messages, readMessages);
    }

    private static (IEnumerable<TState> States, IEnumerable<TMessage> Messages) RoundTrip<TState, TMessage>(
        string application,
        TState[] states,
        TMessage[] messages,
        IDocumentFormat<TState, TMessage> format,
        Func<JsonElement, TState> readState,
        Func<JsonElement, TMessage> readMessage)
    {
        var processes = states.Select((state, index) => new ProcessState<TState>(new($"p{index}"), state));
        var numbered = messages.Select((message, index) => new NumberedMessage<TMessage>(new(index + 1), message));
        var channel = new ChannelState<TMessage>(
            new(new("p0"), new("p1")), new(messages.Length), default, [.. numbered]);
        var header = new SnapshotHeader(new("s"), Epoch.First, new("p0"), DateTimeOffset.UnixEpoch)
        {
            Application = application,
        };
        var document = SnapshotDocument.Completed(
            header, DateTimeOffset.UnixEpoch, new([.. processes], [channel]), format);
        var read = RenderedSnapshot.Read(new MemoryStream(document.ToUtf8(indented: false).ToArray())).Typed(readState, readMessage);
        return (
            read.Processes.Select(process => process.State),
            read.Channels.Single().Messages.Select(message => message.Message));
    }
}
