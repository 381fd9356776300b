using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class GlobalStateAssemblyTests
{
    [Fact]
    public void Members_are_those_of_the_directory_and_those_that_they_name_and_no_stranger()
    {
        var assembly = new GlobalStateAssembly<string, string>([P]);
        assembly.Add(Local(R, [], [])); // Named by no member.
        assembly.Add(Local(Q, [], [(P, 1)]));
        assembly.Add(Channel(P, Q, 1, ["m2"]));
        assembly.Add(Channel(P, Q, 1, ["again"]));
        assembly.Add(Local(P, [(Q, 2), (R, 0)], []));
        var (state, missing) = assembly.Assemble();
        Assert.Equal([P, Q], state.Processes.Select(process => process.Id));
        var channel = Assert.Single(state.Channels);
        Assert.Equal((new ChannelId(P, Q), 2L, 1L), (channel.Channel, channel.Sent.Value, channel.Delivered.Value));
        Assert.Equal(new NumberedMessage<string>(new(2), "m2"), Assert.Single(channel.Messages));
        Assert.Empty(missing);
        Assert.Empty(Certificate.Check(state));
    }

    [Fact]
    public void What_has_not_come_is_named()
    {
        var assembly = new GlobalStateAssembly<string, string>([P]);
        assembly.Add(Local(P, [(Q, 1)], []));
        var (state, missing) = assembly.Assemble();
        Assert.Equal([Q], missing);
        Assert.NotEmpty(Certificate.Check(state));
    }
}
