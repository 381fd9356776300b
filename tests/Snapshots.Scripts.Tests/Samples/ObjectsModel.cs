using Snapshots.Protocol;
using Snapshots.Samples;

namespace Snapshots.Scripts.Tests;

/// <summary>
/// Objects once more, as plain numbers, with every step that any of them can make. It shares no rule with the
/// application: what it finds is found by trying.
/// </summary>
internal sealed class ObjectsModel(int roots, int count)
{
    private readonly int[] _holds = new int[count];
    private readonly List<Message>[][] _channels = Channels(count);
    private int _created;
    private int _commands;

    private readonly record struct Message(char Kind, int Object, int Target);

    /// <summary>Reads a cut of the objects a, b, …, of which the first ones are roots.</summary>
    public static ObjectsModel Of(GlobalState<ObjectState, ObjectMessage> cut)
    {
        var model = new ObjectsModel(cut.Processes.Count(process => process.State.Root), cut.Processes.Length);
        foreach (var process in cut.Processes)
        {
            model._holds[Number(process.Id)] = process.State.Holds.Sum(held => 1 << Number(held));
            foreach (var created in process.State.Created) model._created |= 1 << Number(created);
        }

        foreach (var channel in cut.Channels)
        {
            foreach (var (_, message) in channel.Messages)
            {
                var kind = message.Kind switch
                {
                    ObjectMessageKind.Reference => 'r',
                    ObjectMessageKind.TellSend => 's',
                    _ => 'd',
                };
                model._channels[Number(channel.Channel.Source)][Number(channel.Channel.Target)].Add(
                    new(kind, Number(message.Named), message.Target is { } target ? Number(target) : 0));
            }
        }

        return model;
    }

    public bool IsQuiet => _channels.SelectMany(each => each).All(channel => channel.Count == 0);

    /// <summary>
    /// Returns the created objects that get no message in any continuation with a few more commands, and that no root
    /// holds in any.
    /// </summary>
    public SortedSet<string> Unused(int commands, int maxStates)
    {
        var unused = Enumerable.Range(roots, count - roots).Where(each => (_created >> each & 1) == 1).ToHashSet();
        _commands = commands;
        var (seen, toVisit) = (new HashSet<string> { Key() }, new Stack<ObjectsModel>([this]));
        while (toVisit.TryPop(out var state))
        {
            unused.RemoveWhere(state.IsUsed);
            if (unused.Count == 0) break;
            foreach (var next in state.Deliveries().Concat(state.Commands()))
            {
                if (seen.Add(next.Key())) toVisit.Push(next);
            }

            Assert.True(seen.Count < maxStates, "too many states");
        }

        return [.. unused.Select(Name)];
    }

    /// <summary>Delivers all messages.</summary>
    public ObjectsModel Quiet()
    {
        var state = this;
        while (state.Deliveries().FirstOrDefault() is { } next) state = next;
        return state;
    }

    /// <summary>The created objects to which no path leads from a root.</summary>
    public SortedSet<string> Unreachable()
    {
        var reached = (1 << roots) - 1;
        for (var before = 0; before != reached;)
        {
            before = reached;
            for (var each = 0; each < count; each++) reached |= (before >> each & 1) == 1 ? _holds[each] : 0;
        }

        return [.. Enumerable.Range(0, count).Where(each => ((_created & ~reached) >> each & 1) == 1).Select(Name)];
    }

    private static string Name(int number) => $"{(char)('a' + number)}";

    private static int Number(ProcessId id) => id.Value[0] - 'a';

    private static List<Message>[][] Channels(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => NewLists(count).ToArray())];

    private static IEnumerable<List<Message>> NewLists(int count) =>
        Enumerable.Range(0, count).Select(_ => new List<Message>());

    private IEnumerable<ObjectsModel> Deliveries() =>
        from source in Enumerable.Range(0, count)
        from target in Enumerable.Range(0, count)
        where _channels[source][target].Count > 0
        select With(next => next.Deliver(source, target));

    /// <summary>Every command to a root but <c>create</c>, which makes no other object reachable.</summary>
    private IEnumerable<ObjectsModel> Commands()
    {
        if (_commands == 0) yield break;
        foreach (var root in Enumerable.Range(0, roots))
        {
            foreach (var target in Enumerable.Range(0, count).Where(each => (_holds[root] >> each & 1) == 1))
            {
                yield return Command(next => next._holds[root] &= ~(1 << target));
                foreach (var named in Enumerable.Range(0, count))
                {
                    if (MaySend(root, target, named)) yield return Tell(root, target, new('r', named, 0));
                    yield return Tell(root, target, new('d', named, 0));
                    foreach (var third in Enumerable.Range(0, count).Where(third => third != named))
                        yield return Tell(root, target, new('s', named, third));
                }
            }
        }
    }

    private ObjectsModel Tell(int root, int target, Message message) =>
        Command(next => next._channels[root][target].Add(message));

    private ObjectsModel Command(Action<ObjectsModel> change) => With(next =>
    {
        next._commands--;
        change(next);
    });

    private bool IsUsed(int each) =>
        Enumerable.Range(0, count).Any(source => _channels[source][each].Count > 0)
        || Enumerable.Range(0, roots).Any(root => (_holds[root] >> each & 1) == 1);

    private bool MaySend(int self, int target, int given) =>
        (_holds[self] >> target & 1) == 1 && given != target && (given == self || (_holds[self] >> given & 1) == 1);

    private void Deliver(int source, int target)
    {
        var message = _channels[source][target][0];
        _channels[source][target].RemoveAt(0);
        if (message.Kind == 'r') _holds[target] |= 1 << message.Object;
        else if (message.Kind == 'd') _holds[target] &= ~(1 << message.Object);
        else if (MaySend(target, message.Target, message.Object))
            _channels[target][message.Target].Add(new('r', message.Object, 0));
    }

    private ObjectsModel With(Action<ObjectsModel> change)
    {
        var next = new ObjectsModel(roots, count) { _created = _created, _commands = _commands };
        _holds.CopyTo(next._holds, 0);
        for (var index = 0; index < count * count; index++)
            next._channels[index / count][index % count].AddRange(_channels[index / count][index % count]);
        change(next);
        return next;
    }

    private string Key() => string.Join(',', _holds) + $";{_commands};" + string.Join('|', _channels
        .SelectMany(each => each)
        .Select(channel => string.Concat(channel.Select(each => $"{each.Kind}{each.Object}{each.Target}"))));
}
