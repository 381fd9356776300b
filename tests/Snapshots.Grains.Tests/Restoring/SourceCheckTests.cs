using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Snapshots.Protocol;
using static System.StringComparison;

namespace Snapshots.Grains.Tests;

/// <summary>After the commit of a restore there is no way back: all of its source must be readable before.</summary>
public sealed class SourceCheckTests
{
    private static readonly Payload Broken = new(new byte[] { 0xFF, 0xFE, 0xFD });
    private static readonly Payload State = Given.StateCodec.ToPayload(LetterState.Empty);
    private static readonly Payload Keys = RequestMemoryCodec.ToPayload(RequestMemory.Empty);
    private static readonly Payload Message = Given.LetterCodec.General.ToPayload(new Letter(1));

    private readonly SourceCheck<LetterState, Letter> _check = new(
        Given.Services.GetRequiredService<Serializer<LetterState>>(),
        Given.Services.GetRequiredService<Serializer<Letter>>());

    [Fact]
    public void A_source_of_which_all_can_be_read_has_no_fault()
    {
        Assert.Null(_check.FindFault(Local(State, Keys)));
        Assert.Null(_check.FindFault(Channel(Message)));
    }

    [Fact]
    public void A_state_a_memory_of_keys_and_a_message_that_cannot_be_read_are_named()
    {
        Assert.StartsWith("the state of alice: ", _check.FindFault(Local(Broken, Keys)), Ordinal);
        Assert.StartsWith("the keys of alice: ", _check.FindFault(Local(State, Broken)), Ordinal);
        Assert.StartsWith("a message of bob->alice: ", _check.FindFault(Channel(Message, Broken)), Ordinal);
    }

    private static LocalReport<StatePayload> Local(Payload state, Payload keys) =>
        new(new(1), Epoch.First, Given.Alice, new(state, keys), [], []);

    private static ChannelReport<Payload> Channel(params Payload[] messages) =>
        new(new(1), Epoch.First, Given.Alice, Given.Bob, default, [.. messages]);
}
