using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Snapshots.Documents;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class ApplicationReaderTests
{
    [Fact]
    public void A_state_and_its_messages_become_JSON_and_counts_stay()
    {
        var (local, channel) = Render(format: null);
        Assert.Equal("""{"balance":7,"deposited":9,"taken":[1,1]}""", Encoding.UTF8.GetString(local.State.State.Bytes.Span));
        Assert.True(local.State.Requests.Bytes.IsEmpty);
        Assert.Equal([new ChannelCount(Given.Bob, new(5))], local.Sent);
        Assert.Equal(["""{"amount":3}"""], channel.Messages.Select(message => Encoding.UTF8.GetString(message.Bytes.Span)));
    }

    [Fact]
    public void The_application_may_have_a_format_of_its_own()
    {
        var (local, channel) = Render(new OwnFormat());
        Assert.Equal("7", Encoding.UTF8.GetString(local.State.State.Bytes.Span));
        Assert.Equal(["""{"money":3}"""], channel.Messages.Select(message => Encoding.UTF8.GetString(message.Bytes.Span)));
    }

    [Fact]
    public void What_has_no_JSON_form_is_named()
    {
        var exception = Assert.Throws<NotSupportedException>(() => Render(new OwnFormat { Fails = true }));
        Assert.Equal("what process alice recorded has no JSON form: no such state", exception.Message);
    }

    private static (LocalReport<StatePayload> Local, ChannelReport<Payload> Channel) Render(
        IDocumentFormat<LetterState, Letter>? format)
    {
        var services = new ServiceCollection().AddSerializer();
        if (format is not null) services.AddSingleton(format);
        using var provider = services.BuildServiceProvider();
        var states = provider.GetRequiredService<Serializer<LetterState>>();
        var messages = provider.GetRequiredService<Serializer<Letter>>();
        var renderer = new ApplicationReader<LetterState, Letter>(states, messages, provider);
        var local = new LocalReport<StatePayload>(
            new(7),
            Epoch.First,
            Given.Alice,
            new(new(states.SerializeToArray(new LetterState(9, 7, [1, 1]))), new(new byte[] { 1 })),
            [new(Given.Bob, new(5))],
            []);
        var channel = new ChannelReport<Payload>(
            new(7), Epoch.First, Given.Alice, Given.Bob, new(2), [new(messages.SerializeToArray(new Letter(3)))]);
        return (
            (LocalReport<StatePayload>)renderer.Render(local.ToWire()).FromWire(),
            (ChannelReport<Payload>)renderer.Render(channel.ToWire()).FromWire());
    }

    private sealed class OwnFormat : IDocumentFormat<LetterState, Letter>
    {
        public bool Fails { get; init; }

        public void WriteState(Utf8JsonWriter writer, LetterState state) =>
            writer.WriteNumberValue(Fails ? throw new InvalidOperationException("no such state") : state.Balance);

        public void WriteMessage(Utf8JsonWriter writer, Letter message) => writer.WriteNumber("money", message.Amount);
    }
}
