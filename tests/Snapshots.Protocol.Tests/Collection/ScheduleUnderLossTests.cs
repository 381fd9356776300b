namespace Snapshots.Protocol.Tests;

/// <summary>
/// A schedule while the index is lost again and again, two lives of it exist at once, writes fail or take effect late,
/// and calls are repeated. What is stored is judged after each write.
/// </summary>
public sealed class ScheduleUnderLossTests
{
    private const int Seeds = 300;
    private const int Steps = 600;
    private const long EveryMs = 60_000;
    private const long StartMs = 1_700_000_000_000;

    [Fact]
    public void It_never_overlaps_itself_takes_each_time_once_and_skips_what_it_missed()
    {
        var (taken, skipped, lost, refused) = (0, 0, 0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var world = new World(seed);
            world.Run(Steps);
            taken += world.Taken;
            skipped += world.Skipped;
            lost += world.Lost;
            refused += world.Refused;
        }

        // The runs saw what they are for.
        Assert.True(taken > Seeds * 20 && skipped > Seeds && lost > Seeds * 10 && refused > Seeds, $"{taken} {skipped} {lost} {refused}");
    }

    private sealed class World
    {
        private readonly int _seed;
        private readonly Random _random;
        private readonly Dictionary<SnapshotNumber, long> _runUntilMs = [];
        private readonly List<Life> _lives = [];
        private IndexRecord? _stored;
        private int _version;
        private long _nowMs;
        private long _lastTimeMs;

        public World(int seed) => (_seed, _random) = (seed, new Random(seed));

        public int Taken { get; private set; }

        public int Skipped { get; private set; }

        public int Lost { get; private set; }

        public int Refused { get; private set; }

        public void Run(int steps)
        {
            Live().Index.Set(new(TimeSpan.FromMilliseconds(EveryMs), KeepLast: 3, null), StartMs);
            Do(Live(), isWhole: true);
            for (var step = 0; step < steps; step++)
            {
                Step();
                Settle();
            }

            // From here on nothing fails: each time is taken unless a snapshot still runs.
            _lives.Clear();
            var (last, sinceMs) = (Live(), _nowMs);
            for (; _nowMs < sinceMs + (6 * EveryMs); _nowMs += 500)
            {
                last.Index.Tick(StartMs + _nowMs, new(_nowMs));
                Do(last, isWhole: true);
                Require(_nowMs - Math.Max(_lastTimeMs, sinceMs) <= 3 * EveryMs + 1000, "a time was not taken");
            }
        }

        private void Step()
        {
            switch (_random.Next(12))
            {
                case 0:
                    _lives.Clear();
                    Lost++;
                    _nowMs += _random.Next(90_000); // Also longer than a time is due.
                    break;
                case 1:
                    Start(); // An earlier life goes on and does not know.
                    break;
                default:
                    _nowMs += _random.Next(6_000);
                    break;
            }
        }

        /// <summary>Every silo asks whatever life it reaches; the collectors tell what has ended.</summary>
        private void Settle()
        {
            var life = _lives.Count == 0 ? Live() : _lives[_random.Next(_lives.Count)];
            life.Index.Tick(StartMs + _nowMs, new(_nowMs));
            Do(life, isWhole: false);
            if (life.Index.IsOver) _lives.Remove(life);
        }

        private void Do(Life life, bool isWhole)
        {
            TellEnds(life.Index);
            while (life.Index.TakeWork(new(_nowMs)) is { } work)
            {
                if (work is IndexWork.Start { Summary.Number: var begun }) _runUntilMs.TryAdd(begun, _nowMs + _random.Next((int)(2 * EveryMs)));
                if (work is IndexWork.Write write) Write(life, write, isWhole);
                else if (isWhole || _random.Next(4) > 0) life.Index.Completed(work, new(_nowMs));
                else life.Index.Failed(work, new(_nowMs));
                TellEnds(life.Index);
            }
        }

        private void TellEnds(SnapshotIndex index)
        {
            foreach (var running in index.Stored.Snapshots.Where(each => each.Status == SnapshotStatus.Running))
            {
                if (index.IsOver || !_runUntilMs.TryGetValue(running.Number, out var untilMs) || untilMs > _nowMs) continue;
                index.End(running with { Status = SnapshotStatus.Completed, EndedAtMs = StartMs + _nowMs });
            }
        }

        private void Write(Life life, IndexWork.Write write, bool isWhole)
        {
            var isStale = life.Version != _version;
            if (isStale) Refused++;
            var takesEffect = !isStale && (isWhole || _random.Next(6) > 0);
            if (takesEffect)
            {
                Judge(write.Record);
                _stored = write.Record;
                life.Version = ++_version;
            }

            // An answer may be lost: the life ends although its write has taken effect.
            if (takesEffect && (isWhole || _random.Next(6) > 0)) life.Index.Completed(write, new(_nowMs));
            else life.Index.Failed(write, new(_nowMs));
        }

        private void Judge(IndexRecord next)
        {
            var scheduled = next.Snapshots.Where(each => each.Origin == SnapshotOrigin.Schedule).ToList();
            Require(scheduled.Count(each => each.Status == SnapshotStatus.Running) <= 1, "two snapshots of the schedule run");
            Require(scheduled.Count(each => each.Status == SnapshotStatus.Completed) <= 3, "more are kept than may be");
            foreach (var begun in scheduled.Where(each => each.Number > (_stored?.Highest ?? default)))
            {
                var timeMs = (begun.StartedAtMs - StartMs) / EveryMs * EveryMs;
                Require(timeMs > _lastTimeMs, "a time was taken twice");
                Require(begun.StartedAtMs - StartMs - timeMs <= ScheduleRecord.MissedAfterMs, "a time was taken that was missed");
                Skipped += (int)((timeMs - _lastTimeMs) / EveryMs) - 1;
                _lastTimeMs = timeMs;
                Taken++;
            }
        }

        private Life Live() => _lives.Count > 0 ? _lives[^1] : Start();

        private Life Start()
        {
            if (_lives.Count > 2) _lives.RemoveAt(0);
            _lives.Add(new(new(_stored, maxOpen: 8, keep: 50, CollectionPace.Default, shards: 2, new(_nowMs)), _version));
            return _lives[^1];
        }

        private void Require(bool holds, string rule) => Assert.True(holds, $"seed {_seed} at {_nowMs} ms: {rule}");
    }

    private sealed class Life(SnapshotIndex index, int version)
    {
        public SnapshotIndex Index { get; } = index;

        public int Version { get; set; } = version;
    }
}
