using Microsoft.AspNetCore.Http.Features;

namespace Snapshots.Page;

/// <summary>Who asks, what is hosted, silos, processes, and the stream of events.</summary>
internal static class ClusterApi
{
    public static void Map(ApiRoutes api)
    {
        var (applications, processes) = (api.Service<Applications>(), api.Service<ProcessLists>());
        var (grains, states) = (api.Service<IGrainFactory>(), api.Service<LiveStates>());
        api.Get("/session", call => ShowVisitorAsync(call, applications));
        api.Get("/silos", call => ListSilosAsync(call, grains));
        api.Get("/processes", call => ListProcessesAsync(call, processes));
        api.Get("/overview", async call => await JsonAnswer.SendAsync(
            call.Context, (await states.ReadAsync(await call.SnapshotsAsync())).Json));
        api.Get("/events", call => EventStream.SendAsync(call, states));
    }

    private static async Task ShowVisitorAsync(ApiCall call, Applications applications)
    {
        var visitor = call.Context.Features.GetRequiredFeature<Visitor>();
        var hosted = await applications.ListAsync();
        await call.AnswerAsync(writer =>
        {
            writer.WriteBoolean("mayWrite", visitor.Right == Right.Write);
            writer.WriteBoolean("hasSession", visitor.HasSession);
            writer.WriteString("antiForgery", visitor.AntiForgery);
            writer.WriteStartArray("applications");
            foreach (var name in hosted) writer.WriteStringValue(name);
            writer.WriteEndArray();
        });
    }

    private static async Task ListSilosAsync(ApiCall call, IGrainFactory grains)
    {
        var management = grains.GetGrain<IManagementGrain>(0);
        var silos = await call.WaitAsync(management.GetDetailedHosts(onlyActive: false));
        var counts = (await call.WaitAsync(management.GetSimpleGrainStatistics()))
            .GroupBy(grain => grain.SiloAddress)
            .ToDictionary(silo => silo.Key, silo => silo.Sum(grain => (long)grain.ActivationCount));
        await call.AnswerAsync(silos.OrderByDescending(silo => silo.StartTime), (writer, silo) =>
        {
            writer.WriteString("address", silo.SiloAddress.ToParsableString());
            writer.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(silo.Status.ToString()));
            writer.WriteString("host", silo.HostName);
            writer.WriteString("startedAt", SnapshotJson.Time(new(silo.StartTime, TimeSpan.Zero)));
            writer.WriteNumber("activations", counts.GetValueOrDefault(silo.SiloAddress));
        });
    }

    private static async Task ListProcessesAsync(ApiCall call, ProcessLists processes)
    {
        var page = ContentApi.PageOf(call);
        var all = await processes.ListAsync(call, await call.SnapshotsAsync());
        var found = all
            .Where(process => process.Value.Contains(page.Search, StringComparison.OrdinalIgnoreCase))
            .ToList();
        await call.AnswerAsync(writer =>
            page.Write(writer, found, (_, process) => writer.WriteString("id", process.Value)));
    }
}
