using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Snapshots.Grains;
using Snapshots.Protocol;
using static Snapshots.Bank.Tests.Given;

namespace Snapshots.Bank.Tests;

/// <summary>The bytes on the wire and in storage. They are frozen: a change here breaks every stored account.</summary>
public sealed class StoredFormTests
{
    private static readonly ServiceProvider Services = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(AccountState).Assembly))
        .BuildServiceProvider();

    private static readonly RequestMemory Memory = RequestMemory.Restore(
        Start,
        [
            Entry(Timed(1, 0x0102030405060708), 0x1112131415161718),
            Entry(Key("hand"), 0x2122232425262728, RefusalReason.InsufficientFunds),
            Entry(Timed(2, 3), 4, RefusalReason.Overflow),
            Entry(Key("b"), 5, RefusalReason.NotOpen),
        ],
        [0x3132333435363738]);

    private static readonly AccountState State = new(open: true, 70, 100, 30, Memory);

    [Fact]
    public void A_transfer_has_its_golden_bytes() => AssertGolden<BankMessage>(
        new TransferMessage(Key("t-9"), Amount(30)),
        "3001a6084dd42f736e617073686f74732e62616e6b2e7472616e73666572e8204007742d39c1010101e0210079e0e8e8e0");

    [Fact]
    public void A_return_has_its_golden_bytes() => AssertGolden<BankMessage>(
        new ReturnMessage(Key("t-9"), Amount(BankLimits.MaxAmount)),
        "3001e39d4fc72b736e617073686f74732e62616e6b2e72657475726ee8204007742d39c1010101e02180ffffffffffff" +
        "1f00e0e8e8e0");

    [Fact]
    public void A_memory_of_requests_has_its_golden_bytes() => AssertGolden(
        Memory,
        "200020004ff609ce21000341df01040000000000001d753d6ff184a9b3a0654f3069b7b48129ee85e9ae01e3505f9b4d" +
        "b50714a608181716151413121128272625242322210400000000000000050000000000000000019eec139c010001ffff" +
        "ffffffff0004029eec139c010002ffffffffffff000468616e640162e021000341113837363534333231e0e0");

    [Fact]
    public void An_empty_account_has_its_golden_bytes() => AssertGolden(
        AccountState.Empty,
        "20e8000101010101010121c00121e0c111e0e0");

    [Fact]
    public void An_account_has_its_golden_bytes() => AssertGolden(
        State,
        "20e800030132020122030179210020004ff609ce21000341df01040000000000001d753d6ff184a9b3a0654f3069b7b4" +
        "8129ee85e9ae01e3505f9b4db50714a60818171615141312112827262524232221040000000000000005000000000000" +
        "0000019eec139c010001ffffffffffff0004029eec139c010002ffffffffffff000468616e640162e021000341113837" +
        "363534333231e0e0e0");

    [Fact]
    public void An_account_as_an_object_is_named_by_its_alias() => AssertGolden<object>(
        AccountState.Empty,
        "3001d95f407839736e617073686f74732e62616e6b2e6163636f756e742d7374617465e8000101010101010121c00121" +
        "e0c111e0e0");

    [Fact]
    public void An_answer_has_its_golden_bytes() => AssertGolden(
        new AccountAnswer(Outcome.Refused(RefusalReason.NotOpen), duplicate: true, Key("k")),
        "20e8000901032140036bc1010101e0412f746865206163636f756e74206973206e6f74206f70656ee0");

    [Fact]
    public void An_answer_without_key_has_its_golden_bytes() => AssertGolden(
        new AccountAnswer(Outcome.Accepted, duplicate: false, key: null),
        "20e800010101c1014101e0");

    [Fact]
    public void A_view_has_its_golden_bytes() => AssertGolden(
        new AccountView(Alice, State),
        "20400b616c69636501320201220301790103e0");

    [Fact]
    public void Keys_and_amounts_have_their_golden_bytes()
    {
        AssertGolden(Key("k"), "2040036bc1010101e0");
        AssertGolden(Timed(2, 3), "20c0010120014ff609ce0107e0");
        AssertGolden(default(RequestKey), "20c001c1010101e0");
        AssertGolden(Amount(1), "200005e0");
        AssertGolden(RefusalReason.KeyReused, "0019");
    }

    [Fact]
    public void Keys_are_read_as_they_were_first_stored()
    {
        var serializer = Services.GetRequiredService<Serializer>();
        Assert.Equal(Key("k"), serializer.Deserialize<RequestKey>(Convert.FromHexString("2040036be0")));
        Assert.Equal(default, serializer.Deserialize<RequestKey>(Convert.FromHexString("20c001e0")));
        var timed = "t-00000000002a-0000000000000003";
        var stored = "20403f" + Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(timed)) + "e0";
        Assert.Equal(
            RequestKeys.Create(DateTimeOffset.FromUnixTimeMilliseconds(42), 3),
            serializer.Deserialize<RequestKey>(Convert.FromHexString(stored)));
    }

    [Fact]
    public void What_is_immutable_is_not_copied()
    {
        var copier = Services.GetRequiredService<DeepCopier>();
        Assert.Same(State, copier.Copy(State));
        Assert.Same(Memory, copier.Copy(Memory));
        var view = new AccountView(Alice, State);
        Assert.Same(view, copier.Copy(view));
    }

    [Fact]
    public void A_large_memory_comes_back_as_it_was()
    {
        var memory = Memory;
        for (var index = 0; index < 5_000; index++)
        {
            var key = index % 7 == 0 ? Key($"h{index}") : Timed(10 + index, (ulong)index);
            memory = memory.Add(Entry(key, (ulong)index));
        }

        var again = RoundTrip(memory);
        Assert.Equal(memory, again);
        Assert.Equal(memory.HandMadeKeys, again.HandMadeKeys);
        Assert.Equal(memory.Add(Entry(Key("next"))), again.Add(Entry(Key("next"))));
    }

    [Fact]
    public void Damaged_chunks_are_refused()
    {
        var serializer = Services.GetRequiredService<Serializer>();
        var whole = serializer.SerializeToArray(RequestMemory.Empty.Add(Entry(Key("hand"))));
        var chunk = RequestMemory.Empty.Add(Entry(Key("hand"))).Chunks[0].Bytes.ToArray();
        var start = whole.AsSpan().IndexOf(chunk);
        (int Offset, byte Value)[] damages = [(0, 2), (1, 0), (1, 2), (1, 65), (24, 9), (32, 3), (32, 5)];
        foreach (var (offset, value) in damages)
        {
            var damaged = whole.ToArray();
            damaged[start + offset] = value;
            Assert.Throws<FormatException>(() => serializer.Deserialize<RequestMemory>(damaged));
        }
    }

    [Fact]
    public void A_thousand_timed_keys_fit_into_25_kilobytes()
    {
        var memory = RequestMemory.Empty;
        var random = new SeededRandom(1);
        for (var index = 0; index < BankLimits.RememberedRequests; index++)
        {
            memory = memory.Add(Entry(Timed(index, random.Next()), random.Next()));
        }

        var bytes = Services.GetRequiredService<Serializer>().SerializeToArray(new AccountState(true, 1, 1, 0, memory));
        Assert.InRange(bytes.Length, 24_000, 25_000);
    }

    private static T RoundTrip<T>(T value)
    {
        var serializer = Services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }

    private static void AssertGolden<T>(T value, string hex)
    {
        var serializer = Services.GetRequiredService<Serializer>();
        Assert.Equal(hex, Convert.ToHexStringLower(serializer.SerializeToArray(value)));
        Assert.Equal(value, serializer.Deserialize<T>(Convert.FromHexString(hex)));
    }
}
