using System.Buffers;
using System.Text;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>
/// The stored form of an outcome: one byte, the number of its <see cref="RefusalReason"/>; then the target of an
/// accepted transfer, ASCII. Register it as a service of the silo.
/// </summary>
public sealed class OutcomeForm : IOutcomeForm<Outcome>
{
    /// <inheritdoc/>
    public void Write(Outcome result, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(output);
        var to = result.To?.Value ?? string.Empty;
        var form = output.GetSpan(1 + to.Length);
        form[0] = (byte)result.Reason;
        output.Advance(1 + Encoding.ASCII.GetBytes(to, form[1..]));
    }

    /// <inheritdoc/>
    public Outcome Read(ReadOnlySpan<byte> form)
    {
        if (form is not [var number, .. var rest]) throw new FormatException("an outcome has at least one byte");
        var reason = (RefusalReason)number;
        if (!Enum.IsDefined(reason)) throw new FormatException($"{number} is no reason to refuse");
        if (rest.IsEmpty) return reason == RefusalReason.None ? Outcome.Accepted : Outcome.Refused(reason);
        var to = Encoding.ASCII.GetString(rest);
        return reason == RefusalReason.None && Identifier.IsValid(to)
            ? Outcome.Sent(new(to))
            : throw new FormatException($"{rest.Length} bytes after the reason {reason} are no target");
    }
}
