namespace Snapshots.Storage;

/// <summary>Every statement that runs after the schema is there.</summary>
internal static class Statements
{
    public const string Read = "SELECT version, payload FROM state WHERE state_name = $state AND grain_id = $grain";

    public const string ReadVersion = "SELECT version FROM state WHERE state_name = $state AND grain_id = $grain";

    public const string Insert = """
        INSERT INTO state (state_name, grain_id, version, payload)
        VALUES ($state, $grain, $version, $payload)
        ON CONFLICT DO NOTHING
        """;

    public const string Update = """
        UPDATE state SET version = $version, payload = $payload
        WHERE state_name = $state AND grain_id = $grain AND version = $expected
        """;

    public const string Delete =
        "DELETE FROM state WHERE state_name = $state AND grain_id = $grain AND version = $expected";

    /// <summary>One row for the tip, one for the checkpoint, one for each entry of the chain, newest first.</summary>
    public const string ReadJournal = """
        WITH RECURSIVE chain (id, previous) AS (
            SELECT e.id, e.previous
            FROM journal JOIN entry e ON e.id = journal.last AND e.process = journal.process
            WHERE journal.process = $process
            UNION ALL
            SELECT e.id, e.previous
            FROM chain JOIN entry e ON e.id = chain.previous AND e.id < chain.id AND e.process = $process
        )
        SELECT 0, tip, NULL FROM journal WHERE process = $process
        UNION ALL
        SELECT 1, number, content FROM checkpoint WHERE process = $process
        UNION ALL
        SELECT 2, entry.number, entry.content FROM chain JOIN entry ON entry.id = chain.id
        """;

    /// <summary>
    /// The same rows by a search of the whole log, for a chain that is broken: so that the rows that are there are told
    /// from those that are missing.
    /// </summary>
    public const string SearchJournal = """
        SELECT 0, tip, NULL FROM journal WHERE process = $process
        UNION ALL
        SELECT 1, number, content FROM checkpoint WHERE process = $process
        UNION ALL
        SELECT 2, number, content FROM entry
        WHERE process = $process
        AND number > coalesce((SELECT checkpoint FROM journal WHERE process = $process), 0)
        """;

    public const string ReadTip = """
        SELECT max(
            coalesce((SELECT tip FROM journal WHERE process = $process), 0),
            coalesce((SELECT number FROM checkpoint WHERE process = $process), 0))
        """;

    public const string AppendEntry = """
        INSERT INTO entry (process, number, previous, content)
        SELECT process, ?2, last, ?3 FROM journal WHERE process = ?1 AND tip = ?2 - 1
        """;

    /// <summary>Follows <see cref="AppendEntry"/>.</summary>
    public const string MoveTip =
        "UPDATE journal SET tip = ?2, last = last_insert_rowid() WHERE process = ?1";

    public const string BeginJournal = """
        INSERT INTO journal (process, tip, checkpoint, last)
        SELECT ?1, ?2, ?2, NULL
        WHERE NOT EXISTS (SELECT 1 FROM checkpoint WHERE process = ?1)
        ON CONFLICT DO NOTHING
        """;

    public const string MoveCheckpoint = """
        UPDATE journal SET tip = ?2, checkpoint = ?2, last = NULL
        WHERE process = ?1 AND tip = ?2 - 1
        """;

    /// <summary>Follows <see cref="BeginJournal"/> or <see cref="MoveCheckpoint"/>.</summary>
    public const string WriteCheckpoint = """
        INSERT INTO checkpoint (process, number, content) VALUES (?1, ?2, ?3)
        ON CONFLICT (process) DO UPDATE SET number = excluded.number, content = excluded.content
        """;

    /// <summary>The last of a number of entries above an id; no row when there are fewer.</summary>
    public const string FindSweepEnd = "SELECT id FROM entry WHERE id > ?1 ORDER BY id LIMIT 1 OFFSET ?2 - 1";

    public const string Sweep = """
        DELETE FROM entry WHERE id > ?1 AND id <= ?2
        AND number < (SELECT checkpoint FROM journal WHERE journal.process = entry.process)
        """;

    public const string ReadSequence = "SELECT last_version FROM sequence WHERE id = 1";

    public const string WriteSequence =
        "UPDATE sequence SET last_version = $version WHERE id = 1 AND owner = $owner";

    public const string Own = "UPDATE sequence SET owner = $owner WHERE id = 1";
}
