using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Snapshots.Detection;
using Snapshots.Documents;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Finds the reader of an application: its types are the arguments of its grain's base class.</summary>
internal sealed class ApplicationReaders(IOptions<GrainTypeOptions> grainTypes, IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, IApplicationReader> _readers = new(StringComparer.Ordinal);

    /// <exception cref="NotSupportedException">This silo does not host the application.</exception>
    public IApplicationReader Of(string application) => _readers.GetOrAdd(application, Create);

    private IApplicationReader Create(string application)
    {
        var arguments = SnapshotApplications.GrainOf(grainTypes.Value, application) is { } grain ? ArgumentsOf(grain) : null;
        return arguments is null
            ? throw new NotSupportedException($"this silo does not host the application {application}")
            : (IApplicationReader)ActivatorUtilities.CreateInstance(
                services, typeof(ApplicationReader<,>).MakeGenericType(arguments));
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

/// <summary>Reads snapshots of one application by its types.</summary>
internal interface IApplicationReader
{
    /// <summary>Renders a report.</summary>
    /// <exception cref="NotSupportedException">Something has no JSON form.</exception>
    ReportSurrogate Render(ReportSurrogate stored);

    /// <summary>The names of its checks.</summary>
    IEnumerable<string> Checks { get; }

    /// <summary>Runs checks; see <see cref="SnapshotChecks{TState, TMessage}.RunAsync"/>.</summary>
    Task<CheckResult[]> CheckAsync(SnapshotClient snapshots, SnapshotView view, string[] names);
}

/// <summary>
/// Renders the reports of one application, in its own format where it has one, and runs its checks. Thread-safe.
/// </summary>
internal sealed class ApplicationReader<TState, TMessage>(
    Serializer<TState> states, Serializer<TMessage> messages, IServiceProvider services) : IApplicationReader
{
    private readonly IDocumentFormat<TState, TMessage> _format =
        services.GetService<IDocumentFormat<TState, TMessage>>() ?? new JsonFormat<TState, TMessage>();

    private readonly SnapshotChecks<TState, TMessage> _checks =
        new(services.GetServices<ISnapshotCheck<TState, TMessage>>(), states, messages);

    public IEnumerable<string> Checks => _checks.Names;

    public Task<CheckResult[]> CheckAsync(SnapshotClient snapshots, SnapshotView view, string[] names) =>
        _checks.RunAsync(snapshots, view, names);

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
                Flight = stored.Flight,
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
