using Snapshots.Scripts;

namespace Snapshots.Client;

/// <summary>Shows the story of the tokens, as JSON and as text.</summary>
internal static class TokenStoryReport
{
    public static void Write(Utf8JsonWriter writer, TokenStoryResult story)
    {
        writer.WriteStartObject();
        writer.WriteNumber("count", story.Count);
        writer.WriteNumber("naiveLost", story.NaiveLost);
        writer.WriteNumber("naiveTwice", story.NaiveTwice);
        writer.WriteNumber("snapshotTokens", story.SnapshotTokens);
        writer.WriteNumber("snapshotInChannels", story.SnapshotInChannels);
        writer.WriteEndObject();
    }

    public static void Show(Page page, TokenStoryResult story)
    {
        page.Heading($"1. Tokens: two processes, {story.Count} coloured tokens");
        foreach (var schedule in story.Schedules) Show(page, story.Count, schedule);
        page.Line(
            $"Reading one after another lost {story.NaiveLost} and saw {story.NaiveTwice} twice; "
            + $"each snapshot saw all {story.SnapshotTokens} once, {story.SnapshotInChannels} of them in channels.");
        page.Line();
    }

    private static void Show(Page page, int count, TokenSchedule schedule)
    {
        page.Line();
        page.Line($"   {schedule.Title}");
        foreach (var line in schedule.Events) page.Line($"     {line}");
        page.Line($"   naive reading: {Naive(schedule)}");
        var places = string.Join(", ", schedule.Places.Select(Place));
        page.Line($"   snapshot: {schedule.SnapshotTokens} of {count} tokens, each once: {places}");
    }

    private static string Naive(TokenSchedule schedule)
    {
        var lost = schedule.NaiveReading.Where(pair => pair.Value == 0).Select(pair => pair.Key).ToList();
        var twice = schedule.NaiveReading.Where(pair => pair.Value > 1).Select(pair => pair.Key).ToList();
        return $"{schedule.NaiveReading.Values.Sum()} tokens"
            + (lost.Count > 0 ? $", {string.Join(" and ", lost)} lost" : string.Empty)
            + (twice.Count > 0 ? $", {string.Join(" and ", twice)} seen twice" : string.Empty);
    }

    private static string Place(TokenPlace place) =>
        $"{place.Colour} {(place.InChannel ? "on" : "at")} {place.Where}";
}
