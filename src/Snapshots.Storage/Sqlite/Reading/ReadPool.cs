using System.Threading.Channels;

namespace Snapshots.Storage;

/// <summary>
/// The connections that read, of a fixed number. A reader waits for a free one without a thread, so ten thousand grains
/// that activate at once occupy no more threads than there are connections.
/// </summary>
internal sealed class ReadPool : IAsyncDisposable
{
    private readonly int _size;
    private readonly Channel<ReadConnection> _free;
    private int _closed;

    public ReadPool(int size, Func<ReadConnection> create)
    {
        _size = size;
        _free = Channel.CreateBounded<ReadConnection>(size);
        for (var i = 0; i < size; i++)
            Return(create());
    }

    /// <summary>Runs a read on the thread pool; it is blocking work, and grains' own threads must not do it.</summary>
    /// <exception cref="StorageUnavailableException">The pool is closed.</exception>
    public async Task<T> RunAsync<T>(Func<ReadConnection, T> read, CancellationToken cancellationToken)
    {
        var connection = await TakeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Leaves the caller's scheduler even where the connection was free at once.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return read(connection);
        }
        finally
        {
            Return(connection);
        }
    }

    /// <summary>Refuses new reads, lets those that wait already finish, and closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;

        for (var i = 0; i < _size; i++)
            (await _free.Reader.ReadAsync().ConfigureAwait(false)).Dispose();
        _free.Writer.Complete();
    }

    private async ValueTask<ReadConnection> TakeAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _closed) == 0)
        {
            try
            {
                return await _free.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                // Closed while it waited: as if it had come later.
            }
        }

        throw new StorageUnavailableException("The storage has stopped.");
    }

    private void Return(ReadConnection connection)
    {
        if (!_free.Writer.TryWrite(connection))
            throw new InvalidOperationException("There are more read connections than the pool holds.");
    }
}
