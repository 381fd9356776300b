using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Does what a plan says is done from outside.</summary>
internal static class Operator
{
    public static void Perform(World world, Operation operation)
    {
        var (process, other) = (world.Hosts[operation.Process], world.Hosts[operation.Other]);
        var untilMs = world.Schedule.NowMs + operation.DurationMs;
        var link = new Link(operation.Process, operation.Other);
        switch (operation.Kind)
        {
            case OperationKind.OpenChannel:
                process.OpenChannel(other.Id);
                break;
            case OperationKind.BeginSnapshot:
                world.Office.Begin(process.Id, operation.DurationMs);
                break;
            case OperationKind.AbortSnapshot:
                world.CollectorOf(new(operation.Value))?.Abort();
                break;
            case OperationKind.DeleteSnapshot:
                // A write that a dead life has left would come back after the deletion, and no storage tells it apart
                // from a new row.
                world.Schedule.At(world.Plan.Profile.HorizonMs + 100, () => world.Office.Remove(new(operation.Value)));
                break;
            case OperationKind.Crash when !world.Network.IsHealed:
                process.Crash(operation.DurationMs);
                break;
            case OperationKind.CrashWithReport when !world.Network.IsHealed:
                process.CrashWithReport(operation.DurationMs);
                break;
            case OperationKind.CrashCollector when !world.Network.IsHealed:
                world.CollectorOf(new(operation.Value))?.Crash(operation.AtMs);
                break;
            case OperationKind.CrashAtWrite when !world.Network.IsHealed:
                process.CrashAtWrite(isBeforeEffect: operation.Value % 2 == 1, operation.DurationMs);
                break;
            case OperationKind.CrashShard when !world.Network.IsHealed:
                world.Directory[(int)operation.Value].Crash(operation.DurationMs);
                world.Keepers[(int)operation.Value].Crash();
                break;
            case OperationKind.DuplicateShard when !world.Network.IsHealed:
                world.Directory[(int)operation.Value].Duplicate();
                world.Keepers[(int)operation.Value].Duplicate();
                break;
            case OperationKind.Duplicate when !world.Network.IsHealed:
                process.Duplicate();
                break;
            case OperationKind.Clog when !world.Network.IsHealed:
                world.Network.Clog(link, Math.Min(untilMs, world.Plan.Profile.HorizonMs));
                break;
            case OperationKind.Cut when !world.Network.IsHealed:
                world.Network.Cut(link, untilMs);
                break;
            case OperationKind.Restore when !world.Network.IsHealed:
                world.Office.Restore(isNewest: operation.Value % 2 == 0, takesSafety: operation.Value / 2 % 2 == 0);
                break;
            case OperationKind.AbortRestore:
                world.Office.AbortRestore();
                break;
            case OperationKind.CrashIndex when !world.Network.IsHealed:
                world.Office.Crash();
                break;
            case OperationKind.Read:
                world.Clients[operation.Other].Read(process);
                break;
            case OperationKind.Damage when !world.Network.IsHealed:
                process.Damage(operation.Value, operation.DurationMs);
                break;
            case OperationKind.LeaveReader when !world.Network.IsHealed:
                process.LeaveReader();
                break;
            case OperationKind.OldFrame:
                SendOldFrame(world, process, other, operation);
                break;
            case OperationKind.OldAcknowledgement:
                SendOldAcknowledgement(world, process, other);
                break;
            case OperationKind.OldReport:
                SendOldReport(world, process, operation);
                break;
            default:
                break; // A fault that comes when the faults are over.
        }
    }

    /// <summary>
    /// The next frame of the channel, as the past would have had it: a message that nobody sends today, or a marker.
    /// </summary>
    private static void SendOldFrame(World world, ProcessHost source, ProcessHost target, Operation operation)
    {
        if (target.Alive is not { HasJoined: true } receiver) return;
        var incoming = receiver.IncomingFrom(source.Id);
        var number = (incoming?.Delivered ?? default).Next;
        var messages = incoming?.Messages ?? default;
        FrameContent<LedgerMessage> content = operation.Value % 3 == 0
            ? new MarkerContent<LedgerMessage>(world.Office.Newest.Next, messages)
            : new MessageContent<LedgerMessage>(messages.Next, new(10_000 + operation.Key, operation.Value % 90 + 1, IsReturn: false));
        target.Take(new LedgerFrame(new(source.Id, target.Id), Past(world), number, number, content, default));
    }

    /// <summary>An acknowledgement of everything that was sent, from before it was sent.</summary>
    private static void SendOldAcknowledgement(World world, ProcessHost source, ProcessHost target)
    {
        if (source.Alive?.OutgoingTo(target.Id) is not { Unacknowledged: [.., var last] } outgoing) return;
        source.Take(new Acknowledgement(new(source.Id, target.Id), Past(world), outgoing.Last, last.DigestAfter));
    }

    /// <summary>A report of the past under the number of a snapshot of today.</summary>
    private static void SendOldReport(World world, ProcessHost process, Operation operation)
    {
        if (world.CollectorOf(world.Office.Newest) is not { } collector) return;
        var state = LedgerState.Empty with { Steps = operation.Value + 1000, Own = operation.Value + 1 };
        collector.PartOf(process.Id).Take(new LocalReport<LedgerState>(world.Office.Newest, Past(world), process.Id, state, [], []));
    }

    private static Epoch Past(World world) => new(world.Plan.Profile.Epoch.Value - 1);
}
