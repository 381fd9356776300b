namespace Snapshots.Page;

/// <summary>Server-sent events: the state of an application, whenever it changes.</summary>
internal static class EventStream
{
    /// <summary>A line goes out at least that often, so that a connection that is gone is noticed.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    /// <summary>A client that does not read is cut off.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    public static async Task SendAsync(ApiCall call, LiveStates states)
    {
        using var listener = states.Listen(await call.SnapshotsAsync());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, states.Stopping);
        var response = call.Context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await WriteAsync(call, "retry: 1000\n\n"u8.ToArray(), ended.Token);
            while (true)
            {
                var state = await NextAsync(listener, ended.Token);
                await WriteAsync(
                    call,
                    state.IsEmpty ? ": nothing new\n\n"u8.ToArray() : [.. "data: "u8, .. state.Span, .. "\n\n"u8],
                    ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            call.Context.Abort(); // The client is gone or does not read, or the silo stops.
        }
    }

    /// <summary>The next state; nothing if none comes for a while.</summary>
    private static async Task<ReadOnlyMemory<byte>> NextAsync(Listener listener, CancellationToken ended)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ended);
        patience.CancelAfter(KeepAlive);
        try
        {
            return await listener.States.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            return default;
        }
    }

    private static async Task WriteAsync(ApiCall call, byte[] text, CancellationToken ended)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ended);
        patience.CancelAfter(WriteTimeout);
        await call.Context.Response.Body.WriteAsync(text, patience.Token);
        await call.Context.Response.Body.FlushAsync(patience.Token);
    }
}
