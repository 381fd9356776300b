using static Snapshots.Protocol.KeyStanding;
using static Snapshots.Protocol.Tests.GivenKeys;

namespace Snapshots.Protocol.Tests;

/// <summary>
/// Random requests at a clock that jumps, against dumb lists; and a second memory that is made of checkpoints and
/// entries alone. A failure prints the seed, which is the test's argument.
/// </summary>
public sealed class RequestMemoryModelTests
{
    private static readonly RequestLimits Small = new() { KeyRetentionMs = 4000, MaxHandMadeKeys = 100 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_answer_is_that_of_the_model_and_of_the_memory_that_was_stored(int seed)
    {
        var random = new Random(seed);
        var (timed, handMade) = (new TimedModel(), new HandMadeModel(Small));
        var (memory, written, stored) = (RequestMemory.Empty, RequestMemory.Empty, RequestMemory.Empty);
        var seen = new Dictionary<KeyStanding, int>();
        var keys = new List<RequestKey> { Hand("first") };
        for (var (step, clockMs) = (0, 0L); step < 10_000; step++)
        {
            clockMs += random.Next(400) == 0 ? random.Next(6000) - 3000 : random.Next(5);
            var nowMs = StartMs + clockMs;
            handMade.SeeClock(nowMs);
            var key = NextKey(random, keys, clockMs);
            var fingerprint = (ulong)random.Next(4) / 3;
            var standing = memory.Find(key, fingerprint, nowMs, Small, out var outcome);
            seen[standing] = seen.GetValueOrDefault(standing) + 1;
            var answer = (standing, Text(outcome));
            if (key.IsTimed) Assert.Equal((step, timed.Find(key, fingerprint, nowMs)), (step, answer));
            else Assert.Contains(answer, handMade.Possible(key, fingerprint, nowMs));
            if (ReferenceEquals(memory, written))
            {
                Assert.Equal(answer, (stored.Find(key, fingerprint, nowMs, Small, out outcome), Text(outcome)));
            }

            if (standing == New)
            {
                outcome = [.. new byte[random.Next(4)].Select(_ => (byte)random.Next(3))];
                memory = memory.Add(key, fingerprint, outcome, nowMs, Small);
                if (key.IsTimed) timed.Add(key, fingerprint, Text(outcome));
                else handMade.Add(key, fingerprint, Text(outcome), nowMs);
                keys.Add(key);
            }

            if (random.Next(500) == 0) stored = (memory = memory.WithoutExpired(nowMs, Small)).Stored();
            else if (random.Next(8) > 0) stored = stored.Apply(memory.ChangesSince(written));
            else continue; // The next entry holds this change too.
            written = memory;
            Assert.Equal(memory, stored);
        }

        Assert.All(
            Enum.GetValues<KeyStanding>(),
            standing => Assert.InRange(seen.GetValueOrDefault(standing), 50, int.MaxValue));
        Assert.True(timed.TimesForgotten > 3 && handMade.Doubts > 0, $"{timed.TimesForgotten} {handMade.Doubts}");
    }

    private static string Text(ImmutableArray<byte> outcome) => Convert.ToHexStringLower(outcome.AsSpan());

    /// <summary>New timed keys of clients whose clocks differ, new hand-made ones, and repeats, near and far.</summary>
    private static RequestKey NextKey(Random random, List<RequestKey> keys, long clockMs)
    {
        if (random.Next(4) == 0) return keys[random.Next(keys.Count)];
        if (random.Next(8) == 0) return Hand($"hand-{random.Next(2000)}");
        var aheadMs = random.Next(50) == 0
            ? random.NextInt64(-2000, 2 * RequestLimits.MaxAheadMs)
            : random.Next(400) - 200;
        return Timed(clockMs + aheadMs, (ulong)random.Next(3));
    }

    /// <summary>What the type's remarks say of timed keys, in three lists.</summary>
    private sealed class TimedModel
    {
        private readonly HashSet<RequestKey> _executed = [];
        private readonly List<(RequestKey Key, long TimeMs, ulong Fingerprint, string Outcome)> _remembered = [];
        private long _horizonMs = -1;

        public int TimesForgotten { get; private set; }

        public (KeyStanding, string) Find(RequestKey key, ulong fingerprint, long nowMs)
        {
            key.TryGetParts(out var timeMs, out _);
            var known = _remembered.Find(each => each.Key == key);
            if (known.Key == key)
            {
                return known.Fingerprint == fingerprint ? (Duplicate, known.Outcome) : (KeyReused, "");
            }

            if (timeMs <= _horizonMs) return (KeyTooOld, "");
            return (timeMs > nowMs + RequestLimits.MaxAheadMs ? KeyFromFuture : New, "");
        }

        public void Add(RequestKey key, ulong fingerprint, string outcome)
        {
            Assert.True(_executed.Add(key), $"{key} is executed twice");
            key.TryGetParts(out var timeMs, out _);
            _remembered.Add((key, timeMs, fingerprint, outcome));
            if (_remembered.Count <= RequestLimits.MaxTimedKeys) return;
            var others = _remembered.SkipLast(RequestLimits.RememberedTimedKeys);
            foreach (var oldest in others.OrderBy(each => each.TimeMs).Take(RequestLimits.ForgottenAtOnce).ToList())
            {
                _remembered.Remove(oldest);
                _horizonMs = Math.Max(_horizonMs, oldest.TimeMs);
            }

            TimesForgotten++;
        }
    }

    /// <summary>
    /// Hand-made keys in a dictionary. When a clock goes back over the moment at which a key expired, the key may be
    /// forgotten or not.
    /// </summary>
    private sealed class HandMadeModel(RequestLimits limits)
    {
        private readonly Dictionary<RequestKey, Known> _known = [];

        public int Doubts { get; private set; }

        public void SeeClock(long nowMs)
        {
            foreach (var (key, known) in _known)
            {
                _known[key] = known with { LatestClockMs = Math.Max(known.LatestClockMs, nowMs) };
            }
        }

        public List<(KeyStanding, string)> Possible(RequestKey key, ulong fingerprint, long nowMs)
        {
            var valid = _known.Values.Count(each => !IsExpired(each.TimeMs, nowMs));
            var certain = _known.Values.Count(each => !IsExpired(each.TimeMs, each.LatestClockMs));
            var answers = new List<(KeyStanding, string)>();
            var isKnown = _known.TryGetValue(key, out var known) && !IsExpired(known.TimeMs, nowMs);
            if (isKnown) answers.Add(known.Fingerprint == fingerprint ? (Duplicate, known.Outcome) : (KeyReused, ""));
            if (isKnown && !IsExpired(known.TimeMs, known.LatestClockMs)) return answers;
            if (certain < limits.MaxHandMadeKeys) answers.Add((New, ""));
            if (valid >= limits.MaxHandMadeKeys) answers.Add((TooManyKeys, ""));
            if (answers.Count > 1) Doubts++;
            return answers;
        }

        public void Add(RequestKey key, ulong fingerprint, string outcome, long nowMs) =>
            _known[key] = new(nowMs, fingerprint, outcome, nowMs);

        private bool IsExpired(long timeMs, long nowMs) => nowMs - timeMs >= limits.KeyRetentionMs;

        private readonly record struct Known(long TimeMs, ulong Fingerprint, string Outcome, long LatestClockMs);
    }
}
