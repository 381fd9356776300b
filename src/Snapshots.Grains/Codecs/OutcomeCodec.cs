using System.Collections.Immutable;
using Orleans.Serialization;

namespace Snapshots.Grains;

/// <summary>
/// Writes what an application answers to requests with keys: in its own form if it has one, else by Orleans's
/// serializer. Thread-safe.
/// </summary>
internal sealed class OutcomeCodec<TResult>(Serializer serializer, IEnumerable<IOutcomeForm<TResult>> forms)
{
    private readonly IOutcomeForm<TResult>? _form = forms.LastOrDefault();

    public ImmutableArray<byte> Write(TResult result)
    {
        var writer = new RecordWriter();
        if (_form is null) serializer.Serialize(result, writer);
        else _form.Write(result, writer);
        return [.. writer.Written];
    }

    public TResult Read(ImmutableArray<byte> outcome) =>
        _form is null ? serializer.Deserialize<TResult>(outcome.AsSpan())! : _form.Read(outcome.AsSpan());
}
