namespace Snapshots.Protocol;

/// <summary>What one part of a collection knows of a channel. The part of its target judges it.</summary>
internal sealed class PartChannel(ChannelId id, PartProcess? source, PartProcess? target)
{
    public ChannelId Id { get; } = id;

    /// <summary>The process that sends, if it is of this part.</summary>
    public PartProcess? Source { get; } = source;

    /// <summary>The process that receives, if it is of this part.</summary>
    public PartProcess? Target { get; } = target;

    /// <summary>Messages that the source had sent at its cut; none until it is heard.</summary>
    public MessageCount? Sent { get; set; }

    /// <summary>Messages that had been delivered at the target's cut; none until it is heard.</summary>
    public MessageCount? Delivered { get; set; }

    /// <summary>How many messages the channel state has; none until it has come.</summary>
    public int? Messages { get; set; }

    /// <summary>The number of the message before the first one of the channel state.</summary>
    public MessageCount MessagesAfter { get; set; }

    /// <summary>Whether it is known to lead from a member to a member.</summary>
    public bool IsKnown => Target is { IsMember: true } && (Sent is not null || (Source is { IsMember: true } && Delivered is not null));

    /// <summary>Whether its messages, or one of its ends, are still to come.</summary>
    public bool IsOpen => IsKnown && (Sent is null || !Target!.IsRecorded || (InTransit > 0 && Messages is null or 0));

    /// <summary>Whether its state is not what its counts say.</summary>
    public bool IsBroken => IsKnown && !IsOpen && ((Messages ?? 0) != InTransit || (Messages > 0 && MessagesAfter != (Delivered ?? default)));

    /// <summary>Messages in its state, if it is known.</summary>
    public int KnownMessages => IsKnown ? Messages ?? 0 : 0;

    /// <summary>Whether and with how many messages it is counted in the <see cref="ChannelTotals"/>.</summary>
    public (bool IsKnown, int Messages) Counted { get; set; }

    /// <summary>With what it is counted in the <see cref="RestLedger"/>.</summary>
    public (RestSums Sums, long Messages) CountedAtRest { get; set; }

    /// <summary>What its source has sent, that was looked up and is at rest.</summary>
    public MessageCount? SentAtRest { get; set; }

    /// <summary>What its target has delivered, that was looked up and is at rest.</summary>
    public MessageCount? DeliveredAtRest { get; set; }

    /// <summary>Whether an end of it is at rest, and messages are in transit that have not come.</summary>
    public bool IsOpenAtRest => (Sent ?? SentAtRest) is { } sent && (Delivered ?? DeliveredAtRest) is { } delivered
        && (SentAtRest ?? DeliveredAtRest) is not null && sent > delivered && Messages is null or 0;

    /// <summary>Its place among the open channels of the <see cref="ChannelTotals"/>; none if it is not open.</summary>
    public int? PlaceAmongOpen { get; set; }

    private long InTransit => (Sent ?? default).Value - (Delivered ?? default).Value;

    /// <summary>The state without what is in the messages.</summary>
    public ChannelState<bool> ToState() => new(
        Id,
        Sent ?? default,
        Delivered ?? default,
        [.. Enumerable.Range(1, Messages ?? 0).Select(index => new NumberedMessage<bool>(new(MessagesAfter.Value + index), Message: true))]);
}
