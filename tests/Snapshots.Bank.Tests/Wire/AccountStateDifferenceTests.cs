using System.Buffers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using static Snapshots.Bank.Tests.Given;

namespace Snapshots.Bank.Tests;

public sealed class AccountStateDifferenceTests
{
    private static readonly Serializer Serializer = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(AccountState).Assembly))
        .BuildServiceProvider()
        .GetRequiredService<Serializer>();

    private static readonly AccountStateDifference Differences = new(Serializer);

    /// <summary>A failure prints the seed, which is the test's argument.</summary>
    [Theory]
    [InlineData(1UL, 20)]
    [InlineData(2UL, 2)]
    [InlineData(3UL, 1)]
    public void Whatever_came_since_the_base_the_state_is_made_again(ulong seed, int handMadeOneIn)
    {
        var random = new SeededRandom(seed);
        var (state, @base) = (Open(1000), Open(1000));
        var forgotten = 0;
        for (var step = 0; step < 4000; step++)
        {
            var key = random.OneIn(handMadeOneIn)
                ? Key($"hand-{step}")
                : Timed((step * 2) + random.Below(400), random.Next());
            if (state.Requests.Find(key, out _) != KeyStanding.New) continue;
            var requests = state.Requests.Add(Entry(key, random.Next()));
            forgotten += requests.Count < state.Requests.Count ? 1 : 0;
            state = new AccountState(open: true, random.Below(1000), 1000 + step, random.Below(1000), requests);
            if (random.OneIn(7)) Assert.Equal(state, Read(@base, Write(@base, state)));
            if (random.OneIn(120)) @base = random.OneIn(2) ? state : Read(@base, Write(@base, state));
        }

        Assert.True(forgotten > 3, $"forgot {forgotten} times");
    }

    [Fact]
    public void What_one_request_adds_costs_the_same_however_many_are_remembered()
    {
        var (state, least, most) = (Open(1000), int.MaxValue, 0);
        for (var step = 0; step < 3000; step++)
        {
            var next = new AccountState(
                open: true, step, 1000 + step, 0, state.Requests.Add(Entry(Timed(step), (ulong)step)));
            if (next.Requests.Count > state.Requests.Count)
            {
                var length = Write(state, next).Length;
                (least, most) = (Math.Min(least, length), Math.Max(most, length));
            }

            state = next;
        }

        Assert.InRange(most, least, 200);
    }

    [Fact]
    public void A_difference_to_another_base_is_refused()
    {
        var memory = RequestMemory.Empty;
        for (var step = 0; step < 200; step++) memory = memory.Add(Entry(Timed(step)));
        var full = new AccountState(open: true, 1, 1, 0, memory);
        var difference = Write(full, new AccountState(open: true, 2, 2, 0, memory));
        Assert.Throws<FormatException>(() => Read(AccountState.Empty, difference));
    }

    [Fact]
    public void A_difference_has_its_golden_bytes()
    {
        var before = RequestMemory.Restore(Start, [Entry(Timed(1, 2), 3)], [4]);
        var @base = new AccountState(open: true, 70, 100, 30, before);
        var difference = Write(@base, new AccountState(open: true, 60, 100, 40, before.Add(Entry(Key("hand"), 5))));
        Assert.True(Golden == Convert.ToHexStringLower(difference), $"GOLDEN {Convert.ToHexStringLower(difference)}");
        Assert.Equal(60, Read(@base, Convert.FromHexString(Golden)).Balance);
    }

    private const string Golden =
        "20000301f101220301a1210020004ff609ce2100030101e0210003414b0101000000000000a0654f3069b7b481050000" +
        "000000000000ffffffffffff000468616e64e0010521e0e0e0";

    private static byte[] Write(AccountState @base, AccountState current)
    {
        var output = new ArrayBufferWriter<byte>();
        Differences.Write(@base, current, output);
        return output.WrittenSpan.ToArray();
    }

    private static AccountState Read(AccountState @base, byte[] difference) => Differences.Read(@base, difference);
}
