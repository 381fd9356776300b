using Microsoft.Extensions.Options;

namespace Snapshots.Storage;

/// <summary>Adds SQLite grain storages to a silo.</summary>
public static class SqliteStorageSiloBuilderExtensions
{
    /// <summary>Adds a SQLite grain storage, as the other overload does, with options that are set directly.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The storage's name, to which <c>[PersistentState]</c> refers.</param>
    /// <param name="configure">Sets the options; they are checked when the silo starts.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISiloBuilder AddSqliteGrainStorage(
        this ISiloBuilder builder, string name, Action<SqliteStorageOptions> configure) =>
        builder.ConfigureServices(services => services.AddSqliteGrainStorage(name, configure));

    /// <summary>
    /// Adds a grain storage that stores states in a SQLite database, and with it process journals and
    /// <see cref="IStorageHealth"/> under the same name.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The storage's name, to which <c>[PersistentState]</c> refers.</param>
    /// <param name="configure">Sets the options; they are checked when the silo starts.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISiloBuilder AddSqliteGrainStorage(
        this ISiloBuilder builder, string name, Action<OptionsBuilder<SqliteStorageOptions>> configure) =>
        builder.ConfigureServices(services => services.AddSqliteGrainStorage(name, configure));
}
