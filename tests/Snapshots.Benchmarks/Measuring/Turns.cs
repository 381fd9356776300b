namespace Snapshots.Benchmarks;

/// <summary>
/// Measures several sides in turns, so that what changes on the machine meanwhile meets all of them: A B C, C B A, A B
/// C …
/// </summary>
internal static class Turns
{
    /// <summary>Measures each side once per round.</summary>
    /// <param name="rounds">How many rounds, if the time allows; one in any case.</param>
    /// <param name="time">No round begins that would end after it, were it as long as the longest before.</param>
    /// <param name="sides">What is measured.</param>
    /// <returns>The samples of each side, in the order of the sides; sample n of each is from round n.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<T>>> RunAsync<T>(
        int rounds, TimeLimit time, params Func<Task<T>>[] sides)
    {
        var samples = sides.Select(_ => new List<T>()).ToArray();
        var longest = TimeSpan.Zero;
        for (var round = 0; round < rounds && (round == 0 || time.Left > longest); round++)
        {
            var before = time.Elapsed;
            foreach (var side in Order(sides.Length, round)) samples[side].Add(await sides[side]());
            var took = time.Elapsed - before;
            if (took > longest) longest = took;
        }

        return samples;
    }

    /// <summary>The order of a round: forwards and backwards in turns.</summary>
    public static IEnumerable<int> Order(int sides, int round) =>
        round % 2 == 0 ? Enumerable.Range(0, sides) : Enumerable.Range(0, sides).Reverse();
}
