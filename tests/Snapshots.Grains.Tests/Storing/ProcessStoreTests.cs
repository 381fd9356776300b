using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class ProcessStoreTests
{
    private static readonly GrainId Grain = GrainId.Create("letter", "alice");
    private readonly TestStorage _storage = new();

    [Theory]
    [InlineData("process", FaultKind.Before)]
    [InlineData("process", FaultKind.After)]
    [InlineData("process-base-0", FaultKind.Before)]
    [InlineData("process-base-0", FaultKind.After)]
    [InlineData("process-base-1", FaultKind.Before)]
    [InlineData("process-base-1", FaultKind.After)]
    [InlineData("process-link-0", FaultKind.Before)]
    [InlineData("process-link-0", FaultKind.After)]
    [InlineData("process-link-14", FaultKind.Before)]
    [InlineData("process-link-14", FaultKind.After)]
    public async Task After_a_crash_in_any_write_the_process_is_where_it_was_last_kept(string row, FaultKind fault)
    {
        var crashes = 0;
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            var history = new History(random, peers: 40);
            var storage = new TestStorage();
            var store = OpenWithLinks(storage);
            var process = Given.Joined(Given.Alice);
            byte[]? kept = null;
            for (var write = 0; write < 200; write++)
            {
                for (var step = 0; step < 6; step++) history.Step(process);
                if (write % 10 == 5) storage.Fail(row, _ => true, fault);
                try
                {
                    await store.WriteAsync(process);
                    kept = Given.RecordCodec.Encode(process.ToRecord());
                }
                catch (IOException)
                {
                    crashes++;
                    if (fault == FaultKind.After && !row.StartsWith("process-base", StringComparison.Ordinal)) kept = Given.RecordCodec.Encode(process.ToRecord());
                    store = OpenWithLinks(storage);
                    process = await store.ReadAsync() is { } stored ? Given.Restored(stored) : Given.Joined(Given.Alice);
                }

                Assert.Equal(kept, await ReadAsync(storage));
            }
        }

        Assert.True(crashes >= 5, $"only {crashes} writes of {row} failed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stale_activation_never_writes_and_never_damages_what_its_successor_wrote(bool withLinks)
    {
        var (staleBases, currentBases, rewrites, staleLinks, links) = (0, 0, 0, 0, 0);
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var histories = new[] { new History(random, peers: 40), new History(random, peers: 40) };
            var storage = new TestStorage();
            var stores = new ProcessStore<LetterState, Letter>[2];
            var processes = new Process<LetterState, Letter>[2];
            var current = new[] { true, true };
            byte[]? kept = null;
            for (var index = 0; index < 2; index++) await ActivateAsync(index);
            for (var turn = 0; turn < 250; turn++)
            {
                var self = random.Next(10) < 7 ? turn / 40 % 2 : random.Next(2);
                for (var step = random.Next(8); step >= 0; step--) histories[self].Step(processes[self]);
                try
                {
                    await stores[self].WriteAsync(processes[self]);
                    Assert.True(current[self], $"seed {seed}: a stale activation wrote");
                    kept = Given.RecordCodec.Encode(processes[self].ToRecord());
                    current[1 - self] = false;
                }
                catch (InconsistentStateException exception)
                {
                    if (exception.Message.Contains("process-base", StringComparison.Ordinal)) _ = current[self] ? currentBases++ : staleBases++;
                    if (exception.Message.Contains("process-link", StringComparison.Ordinal)) staleLinks++;
                    if (current[self] || random.Next(3) == 0) await ActivateAsync(self);
                }

                Assert.Equal(kept, await ReadAsync(storage));
            }

            rewrites += storage.Written<StoredRow>("process-base-0", _ => true).Count;
            links += storage.Written<StoredRow>("process-link-14", _ => true).Count;

            async Task ActivateAsync(int index)
            {
                stores[index] = withLinks ? OpenWithLinks(storage) : Open(storage);
                processes[index] = await stores[index].ReadAsync() is { } stored ? Given.Restored(stored) : Given.Joined(Given.Alice);
                current[index] = true;
            }
        }

        Assert.True(withLinks || (staleBases > 0 && currentBases > 0 && rewrites > 50), $"{staleBases} stale and {currentBases} current of {rewrites}");
        Assert.True(!withLinks || (staleLinks > 50 && links > 50), $"{staleLinks} stale links, {links} chains");
    }

    /// <summary>Rows are read one by one, so the reader may see some of them before and some after the writes of another.</summary>
    [Fact]
    public async Task Who_reads_while_another_writes_reads_what_was_kept_or_never_writes()
    {
        var (late, current) = (0, 0);
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var history = new History(random, peers: 40);
            var storage = new TestStorage();
            var writer = OpenWithLinks(storage);
            var process = Given.Joined(Given.Alice);
            for (var write = random.Next(100); write >= 0; write--) await WriteAsync();
            var reads = 0;
            var (at, writes) = (random.Next(20), random.Next(40));
            var torn = new InterruptedStorage(storage.For(Given.Serializer), async () =>
            {
                if (reads++ != at) return;
                for (var write = 0; write < writes; write++) await WriteAsync();
            });
            var reader = Open(torn, smallHead: 512);
            var read = (await reader.ReadAsync())!;
            at = -1;
            var kept = Given.RecordCodec.Encode(process.ToRecord());
            var other = Given.Restored(read);
            history.Step(other);
            if (await reader.HasMovedOnAsync())
            {
                late++;
                await Assert.ThrowsAsync<InconsistentStateException>(() => reader.WriteAsync(other));
            }
            else
            {
                current++;
                Assert.Equal(kept, Given.RecordCodec.Encode(read));
                await reader.WriteAsync(other);
                kept = Given.RecordCodec.Encode(other.ToRecord());
            }

            Assert.Equal(kept, await ReadAsync(storage));

            async Task WriteAsync()
            {
                for (var step = 0; step < 6; step++) history.Step(process);
                await writer.WriteAsync(process);
            }
        }

        Assert.True(late > 10 && current > 10, $"{late} late, {current} current");
    }

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public async Task A_process_that_goes_on_while_it_is_written_is_kept_as_it_was_before(int smallHead)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var history = new History(new Random(seed), peers: 40);
            var process = Given.Joined(Given.Alice);
            var storage = new TestStorage();
            var interrupted = new InterruptedStorage(storage.For(Given.Serializer), GoOnAsync, GoOn);
            var store = Open(interrupted, smallHead);
            for (var write = 0; write < 150; write++)
            {
                for (var step = 0; step < 4; step++) history.Step(process);
                if (write % 40 == 39)
                {
                    store = Open(interrupted, smallHead);
                    process = Given.Restored((await store.ReadAsync())!);
                }

                var before = Given.RecordCodec.Encode(process.ToRecord());
                await store.WriteAsync(process);
                Assert.Equal(before, await ReadAsync(storage));
            }

            void GoOn() => history.Step(process);

            Task GoOnAsync()
            {
                GoOn();
                return Task.CompletedTask;
            }
        }
    }

    [Fact]
    public async Task A_process_that_is_not_busy_any_more_needs_its_links_no_more_and_finds_them_when_it_is_busy_again()
    {
        var process = Given.Joined(Given.Alice);
        for (var peer = 0; peer < 700; peer++) Exchange(process, peer);
        var store = Open(_storage);
        for (var round = 0; round < 2; round++)
        {
            await WriteAsync(writes: 50, changes: 20);
            Assert.Equal(18, await CountReadsAsync());
            await WriteAsync(writes: 1000, changes: 1);
            Assert.Equal(3, await CountReadsAsync());
        }

        async Task WriteAsync(int writes, int changes)
        {
            for (var write = 0; write < writes; write++)
            {
                for (var change = 0; change < changes; change++) Exchange(process, ((20 * write) + change) % 700);
                process.Apply(new(LetterState.Empty), default); // The state does not grow here.
                await store.WriteAsync(process);
            }
        }

        async Task<int> CountReadsAsync()
        {
            var before = _storage.Reads(_ => true);
            Assert.Equal(Given.RecordCodec.Encode(process.ToRecord()), await ReadAsync(_storage));
            return _storage.Reads(_ => true) - before;
        }
    }

    [Theory]
    [InlineData(10, 1.0)]
    [InlineData(1000, 0.15)]
    public async Task The_cost_of_a_write_grows_with_the_root_of_the_channels(int channels, double share)
    {
        const int Writes = 400;
        var process = Given.Joined(Given.Alice);
        for (var peer = 0; peer < channels; peer++) Exchange(process, peer);
        var store = Open(_storage);
        await store.WriteAsync(process);
        var whole = Given.RecordCodec.Encode(process.ToRecord()).Length;
        var before = _storage.BytesWritten;
        var random = new Random(1);
        for (var write = 0; write < Writes; write++)
        {
            Exchange(process, random.Next(channels));
            process.Apply(new(LetterState.Empty), default); // The state does not grow here.
            await store.WriteAsync(process);
        }

        var cost = (_storage.BytesWritten - before) / (double)Writes;

        // With a base of b bytes and c bytes of change: sqrt(2bc), the best that a base now and then can do; c is about 130 here.
        Assert.True(cost <= 512 + (1.5 * Math.Sqrt(2 * 130.0 * whole)), $"{cost} bytes a write, whole {whole}");
        Assert.True(channels < 100 || cost <= share * whole, $"{cost} bytes a write, whole {whole}");
    }

    /// <summary>A state and channels of some 100 KB, of which a write changes some 100 bytes: 5 KB a write with bases alone.</summary>
    [Fact]
    public async Task With_links_a_write_costs_little_more_than_what_it_changes()
    {
        const int Writes = 800;
        var process = Given.Joined(Given.Alice);
        for (var peer = 0; peer < 2000; peer++) Exchange(process, peer);
        var store = Open(_storage);
        await store.WriteAsync(process);
        var whole = Given.RecordCodec.Encode(process.ToRecord()).Length;
        for (var write = 0; write < 100; write++) await WriteAsync(write); // The links come into use.
        var before = _storage.BytesWritten;
        for (var write = 0; write < Writes; write++) await WriteAsync(write);
        var cost = (_storage.BytesWritten - before) / (double)Writes;

        // c + sqrt(2bc/n) with c of about 150, and n of 16 writes to a chain.
        Assert.True(cost <= 300 + (1.5 * Math.Sqrt(2 * 150.0 * whole / 16)), $"{cost} bytes a write, whole {whole}");
        Assert.Equal(Given.RecordCodec.Encode(process.ToRecord()), await ReadAsync(_storage));

        async Task WriteAsync(int write)
        {
            Exchange(process, write);
            await store.WriteAsync(process);
        }
    }

    [Fact]
    public async Task A_local_report_that_waits_is_written_once_to_a_chain()
    {
        var process = Given.Joined(Given.Alice);
        for (var peer = 0; peer < 2000; peer++) Exchange(process, peer);
        var store = Open(_storage);
        await store.WriteAsync(process);
        var links = new List<int>();
        process.Learn(Given.Announcement(1, 1));
        for (var write = 0; write < 200; write++)
        {
            if (write == 100) process.Initiate(new(1), default);
            Exchange(process, write);
            var before = _storage.BytesWritten;
            await store.WriteAsync(process);
            if (write > 100) links.Add((int)(_storage.BytesWritten - before));
        }

        // Its counts alone are some 2 x 12 KB.
        Assert.True(links.Count(link => link < 1000) > 80, string.Join(' ', links));
        Assert.Equal(Given.RecordCodec.Encode(process.ToRecord()), await ReadAsync(_storage));
    }

    [Theory]
    [InlineData(3, "link 3 of alice belongs to chain ")] // A link in the middle is lost.
    [InlineData(-1, "link 0 of alice belongs to chain ")] // The head is older than its links.
    public async Task A_link_without_those_before_it_is_noticed(int lost, string message)
    {
        var process = Given.Joined(Given.Alice);
        var history = new History(new Random(1), peers: 40);
        var store = OpenWithLinks(_storage);
        byte[]? head = null;
        var chains = 0;
        while (_storage.Written<StoredRow>("process-link-5", _ => true).Count < 4)
        {
            for (var step = 0; step < 6; step++) history.Step(process);
            await store.WriteAsync(process);
            if (_storage.Written<StoredRow>("process", _ => true) is { Count: var heads } written && heads != chains)
            {
                chains = heads;
                head ??= _storage.Written<StoredRow>("process-link-5", _ => true).Count == 2 ? written[^1].Content : null;
            }
        }

        if (lost >= 0) _storage.Remove($"process-link-{lost - 1}", Grain);
        else _storage.Put("process", Grain, Given.Serializer, new StoredRow { Content = head! });
        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => OpenWithLinks(_storage).ReadAsync());
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_whose_report_waits_does_not_make_every_write_a_base()
    {
        var process = Given.Joined(Given.Alice);
        for (var peer = 0; peer < 200; peer++) Exchange(process, peer);
        process.Learn(Given.Announcement(1, 1));
        process.Initiate(new(1), default);
        var store = Open(_storage);
        for (var write = 0; write < 40; write++)
        {
            Exchange(process, write);
            await store.WriteAsync(process);
        }

        Assert.InRange(BasesWritten(), 1, 4);
    }

    /// <summary>The state of this test grows by a number each time, the channels do not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_state_that_has_grown_is_written_for_what_changed_if_the_application_can_tell(bool canTell)
    {
        var process = Given.Joined(Given.Alice);
        for (var letter = 0; letter < 2000; letter++) Exchange(process, 0);
        var store = canTell ? Open(_storage) : new(_storage.For(Given.Serializer), Grain, Given.Alice, Given.RecordCodec);
        await store.WriteAsync(process);
        var before = _storage.BytesWritten;
        for (var write = 0; write < 100; write++)
        {
            Exchange(process, 0);
            await store.WriteAsync(process);
        }

        var cost = (_storage.BytesWritten - before) / 100;
        Assert.True(canTell ? cost < 1500 : cost > 3000, $"{cost} bytes a write");
        Assert.Equal(Given.RecordCodec.Encode(process.ToRecord()), Given.RecordCodec.Encode((await store.ReadAsync())!));
    }

    [Fact]
    public async Task A_difference_whose_application_cannot_read_it_is_damage()
    {
        var process = Given.Joined(Given.Alice);
        for (var letter = 0; letter < 2000; letter++) Exchange(process, 0);
        await Open(_storage).WriteAsync(process);
        var other = new ProcessStore<LetterState, Letter>(_storage.For(Given.Serializer), Grain, Given.Alice, Given.RecordCodec);
        var exception = await Assert.ThrowsAsync<InvalidDataException>(other.ReadAsync);
        Assert.Equal("a LetterState is stored in form 1, which cannot be read here", exception.Message);
    }

    [Fact]
    public async Task A_base_that_is_lost_is_noticed()
    {
        var process = Given.Joined(Given.Alice);
        for (var peer = 0; peer < 100; peer++) Exchange(process, peer);
        await Open(_storage).WriteAsync(process);
        _storage.Remove("process-base-1", Grain);
        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => Open(_storage).ReadAsync());
        Assert.Equal("base 1 of alice is lost, 0 is there", exception.Message);
    }

    [Fact]
    public async Task Only_what_another_wrote_has_moved_on()
    {
        var process = Given.Joined(Given.Alice);
        var (first, second) = (Open(_storage), Open(_storage));
        Assert.False(await first.HasMovedOnAsync());
        await first.WriteAsync(process);
        Assert.False(await first.HasMovedOnAsync());
        await second.ReadAsync();
        await second.WriteAsync(process);
        Assert.True(await first.HasMovedOnAsync());
        Assert.False(await second.HasMovedOnAsync());
    }

    private static void Exchange(Process<LetterState, Letter> process, int peer)
    {
        var id = new ProcessId($"p{peer}");
        process.Send(id, 1);
        process.Receive(process.NextLetter(id, 1), default);
        var sent = process.OutgoingTo(id)!.Unacknowledged[^1];
        process.Receive(new Acknowledgement(new(process.Id, id), process.Epoch, sent.Last, sent.DigestAfter), default);
        process.TakeEffects();
    }

    private int BasesWritten() =>
        _storage.Written<StoredRow>("process-base-0", _ => true).Count + _storage.Written<StoredRow>("process-base-1", _ => true).Count;

    private static async Task<byte[]?> ReadAsync(TestStorage storage) =>
        await OpenWithLinks(storage).ReadAsync() is { } record ? Given.RecordCodec.Encode(record) : null;

    /// <summary>A store that uses links for processes as small as those of the random histories.</summary>
    private static ProcessStore<LetterState, Letter> OpenWithLinks(TestStorage storage) => Open(storage.For(Given.Serializer), smallHead: 512);

    private static ProcessStore<LetterState, Letter> Open(TestStorage storage) => Open(storage.For(Given.Serializer), smallHead: 4096);

    private static ProcessStore<LetterState, Letter> Open(IGrainStorage storage, int smallHead) =>
        new(storage, Grain, Given.Alice, Given.DifferenceCodec, smallHead);
}
