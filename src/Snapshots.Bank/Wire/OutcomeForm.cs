using System.Buffers;
using Snapshots.Grains;

namespace Snapshots.Bank;

/// <summary>
/// The stored form of an outcome, one byte: the number of its <see cref="RefusalReason"/>. Register it as a service of
/// the silo.
/// </summary>
public sealed class OutcomeForm : IOutcomeForm<Outcome>
{
    /// <inheritdoc/>
    public void Write(Outcome result, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(output);
        output.GetSpan(1)[0] = (byte)result.Reason;
        output.Advance(1);
    }

    /// <inheritdoc/>
    public Outcome Read(ReadOnlySpan<byte> form)
    {
        if (form is not [var number]) throw new FormatException($"an outcome has one byte, not {form.Length}");
        var reason = (RefusalReason)number;
        if (!Enum.IsDefined(reason)) throw new FormatException($"{number} is no reason to refuse");
        return reason == RefusalReason.None ? Outcome.Accepted : Outcome.Refused(reason);
    }
}
