using System.Globalization;

namespace Snapshots.Simulator.Tests.Search;

/// <summary>
/// What the searches see, the same on every machine: schedules, states, transitions, ends, events of the longest
/// schedule, and completions of a snapshot.
/// </summary>
internal static class SearchFigureTable
{
    public static IReadOnlyList<(string Name, string Figures)> Small { get; } =
    [
        ("pair", "5204151056 14761 49668 30 20 3444"),
        ("twoInitiators", "31964379196 37393 154545 53 20 2662"),
        ("overlap", "1990484 12186 31533 113 16 2494"),
        ("opening", "94633892 103921 256768 1417 18 34050"),
        ("returned", "14549756940 11877 40341 16 21 2570"),
        ("newcomer", "199170 1102 2740 29 13 186"),
        ("ring", "203977146 7886 25713 39 18 1112"),
        ("loss", "256065182732 66590 253183 149 23 10355"),
        ("disorder", "323050379 34453 120327 70 17 937"),
        ("crash", "6207252567739520 328348 1039328 58 46 2846"),
        ("owed", "2206229374 111815 319162 738 19 2132"),
        ("owedOverlap", "565815249 112542 279453 793 20 19258"),
        ("owedOpening", "4282465201 123046 351227 512 20 5071"),
        ("owedLoss", "8798604 11600 28693 115 21 465"),
        ("owedCrash", "71654583082569 30401 92802 14 38 652"),
    ];

    public static IReadOnlyList<(string Name, string Figures)> Large { get; } =
    [
        ("triangle", "932748720174 549196 2569851 546 19 44391"),
        ("ringOverlap", "38693936352 332117 1221244 481 22 51005"),
        ("openingOverlap", "33113328041 1946697 5924628 8354 21 349941"),
        ("crashes", "42139482741930736800274 966765 3722256 17 60 522"),
        ("crashOverlap", "61974975746195766 964583 3282019 223 48 35597"),
        ("crashInDisorder", "147608760263078313433 6728589 29851985 348 54 54423"),
        ("owedCrashes", "1313922755411299145818162 12884031 46606052 304 57 71630"),
    ];

    public static string Row(SearchFigures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"{figures.Schedules} {figures.States} {figures.Transitions} {figures.Ends} {figures.Longest} {figures.Cuts}");
}
