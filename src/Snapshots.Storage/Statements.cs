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

    public const string ReadSequence = "SELECT last_version FROM sequence WHERE id = 1";

    public const string WriteSequence = "UPDATE sequence SET last_version = $version WHERE id = 1";
}
