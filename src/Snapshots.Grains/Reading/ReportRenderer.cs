using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Snapshots.Documents;

namespace Snapshots.Grains;

/// <summary>Finds the renderer of an application: its types are the arguments of its grain's base class.</summary>
internal sealed class ReportRenderers(IOptions<GrainTypeOptions> grainTypes, IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, IReportRenderer> _renderers = new(StringComparer.Ordinal);

    /// <exception cref="NotSupportedException">This silo does not host the application.</exception>
    public IReportRenderer Of(string application) => _renderers.GetOrAdd(application, Create);

    private IReportRenderer Create(string application)
    {
        var arguments = SnapshotApplications.GrainOf(grainTypes.Value, application) is { } grain ? ArgumentsOf(grain) : null;
        return arguments is null
            ? throw new NotSupportedException($"this silo does not host the application {application}")
            : (IReportRenderer)ActivatorUtilities.CreateInstance(
                services, typeof(ReportRenderer<,>).MakeGenericType(arguments));
    }

    private static Type[]? ArgumentsOf(Type grain)
    {
        for (var type = grain; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ProcessGrain<,>))
                return type.GetGenericArguments();
        }

        return null;
    }
}

/// <summary>Turns stored states and messages into JSON.</summary>
internal interface IReportRenderer
{
    /// <summary>Renders a report.</summary>
    /// <exception cref="NotSupportedException">Something has no JSON form.</exception>
    ReportSurrogate Render(ReportSurrogate stored);
}

/// <summary>Renders the reports of one application, in its own format where it has one. Thread-safe.</summary>
internal sealed class ReportRenderer<TState, TMessage>(
    Serializer<TState> states, Serializer<TMessage> messages, IServiceProvider services) : IReportRenderer
{
    private readonly IDocumentFormat<TState, TMessage> _format =
        services.GetService<IDocumentFormat<TState, TMessage>>() ?? new JsonFormat<TState, TMessage>();

    public ReportSurrogate Render(ReportSurrogate stored)
    {
        try
        {
            return new ReportSurrogate
            {
                Kind = stored.Kind,
                Snapshot = stored.Snapshot,
                Epoch = stored.Epoch,
                Process = stored.Process,
                State = stored.State.IsEmpty ? default : RenderState(stored.State),
                Peers = stored.Peers,
                Sent = stored.Sent,
                Delivered = stored.Delivered,
                Source = stored.Source,
                Number = stored.Number,
                Messages = Array.ConvertAll(stored.Messages, RenderMessage),
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever a format or a type's own property throws.
            throw new NotSupportedException(
                $"what process {stored.Process} recorded has no JSON form: {exception.Message}", exception);
        }
    }

    private ReadOnlyMemory<byte> RenderState(ReadOnlyMemory<byte> state) =>
        Write(writer => _format.WriteState(writer, states.Deserialize(state)!));

    private ReadOnlyMemory<byte> RenderMessage(ReadOnlyMemory<byte> message) => Write(writer =>
    {
        writer.WriteStartObject();
        _format.WriteMessage(writer, messages.Deserialize(message)!);
        writer.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, SnapshotDocument.WriterOptions(indented: false))) write(writer);
        return buffer.WrittenMemory;
    }
}
