using System.Globalization;
using Orleans.Storage;
using Snapshots.Grains;
using StackExchange.Redis;

namespace Snapshots.Storage;

/// <summary>
/// Journals in a Redis: one hash per process, under the key <c>SERVICE/journal/GRAIN</c>. Its field <c>tip</c> is the
/// tip in decimal, the field <c>c7</c> a checkpoint with number 7, the field <c>e8</c> an entry with number 8.
/// </summary>
/// <remarks>
/// Each write is one script, which compares the tip and moves it together with what it writes; each read is one
/// command. Scripts go by their hash; StackExchange.Redis loads them where the server does not know them, also after it
/// has forgotten them.
/// </remarks>
internal sealed class RedisProcessJournals(Func<IConnectionMultiplexer> connection, string serviceId) : IProcessJournals
{
    private const string Tip = "tip";
    private const char Checkpoint = 'c';
    private const char Entry = 'e';

    /// <summary>
    /// Returns nothing when the tip was the expected one, and else the tip. A hash without a tip is damaged and has
    /// none.
    /// </summary>
    private const string Fence = """
        local tip = redis.call('HGET', KEYS[1], 'tip')
        if not tip then
            if redis.call('EXISTS', KEYS[1]) == 1 then return 'none' end
            tip = '0'
        end
        if tip ~= ARGV[1] then return tip end

        """;

    private const string Append = Fence + """
        redis.call('HSET', KEYS[1], 'tip', ARGV[2], 'e' .. ARGV[2], ARGV[3])
        return false
        """;

    private const string Replace = Fence + """
        redis.call('DEL', KEYS[1])
        redis.call('HSET', KEYS[1], 'tip', ARGV[2], 'c' .. ARGV[2], ARGV[3])
        return false
        """;

    public IProcessJournal Open(GrainId process) => new Journal(connection, $"{serviceId}/journal/{process}", process);

    private sealed class Journal(Func<IConnectionMultiplexer> connection, RedisKey key, GrainId process)
        : IProcessJournal
    {
        public bool TakesEntries => true;

        private IDatabase Database => connection().GetDatabase();

        public async Task<StoredJournal> ReadAsync()
        {
            var fields = await Database.HashGetAllAsync(key, CommandFlags.DemandMaster);
            if (fields.Length == 0) return StoredJournal.None;
            long tip = 0;
            var checkpoints = new List<StoredEntry>();
            var entries = new List<StoredEntry>();
            foreach (var field in fields)
            {
                var (name, value) = ((string)field.Name!, field.Value);
                if (name == Tip) tip = Number((string)value!);
                else if (name[0] == Checkpoint) checkpoints.Add(new(Number(name.AsSpan(1)), value));
                else if (name[0] == Entry) entries.Add(new(Number(name.AsSpan(1)), value));
                else throw Damaged(name);
            }

            if (checkpoints.Count > 1) throw Damaged($"{Checkpoint}{checkpoints[1].Number}");
            entries.Sort((one, other) => one.Number.CompareTo(other.Number));
            return new(checkpoints.Count == 0 ? null : checkpoints[0], [.. entries], tip);
        }

        public Task AppendAsync(long number, ReadOnlyMemory<byte> entry)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, 2);
            return WriteAsync(Append, number, entry);
        }

        public Task ReplaceAsync(long number, ReadOnlyMemory<byte> checkpoint)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
            return WriteAsync(Replace, number, checkpoint);
        }

        public async Task<long> ReadTipAsync()
        {
            var tip = await Database.HashGetAsync(key, Tip, CommandFlags.DemandMaster);
            return tip.IsNull ? 0 : Number((string)tip!);
        }

        private async Task WriteAsync(string script, long number, ReadOnlyMemory<byte> content)
        {
            var expected = number - 1;
            var tip = await Database.ScriptEvaluateAsync(
                script, [key], [expected, number, content], CommandFlags.DemandMaster);
            if (tip.IsNull) return;
            throw new InconsistentStateException(
                $"The journal of {process} ends with {tip}, but the writer knows {expected}.",
                (string?)tip,
                expected.ToString(CultureInfo.InvariantCulture));
        }

        private long Number(ReadOnlySpan<char> text) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Damaged(text.ToString());

        private DamagedStateException Damaged(string field) =>
            new(process, $"{key} has {field}, which is not part of a journal");
    }
}
