namespace Snapshots.Storage.Tests;

/// <summary>A state for tests.</summary>
[GenerateSerializer]
[Alias("snapshots.storage.tests.note")]
public sealed class Note
{
    /// <summary>What was noted; empty in a new one.</summary>
    [Id(0)]
    public string Text { get; set; } = "";
}

/// <summary>Keeps one note.</summary>
[Alias("snapshots.storage.tests.INoteGrain")]
public interface INoteGrain : IGrainWithStringKey
{
    /// <summary>Stores a text.</summary>
    [Alias("Write")]
    Task Write(string text);

    /// <summary>The text in memory.</summary>
    [Alias("Read")]
    Task<string> Read();

    /// <summary>Removes the note.</summary>
    [Alias("Clear")]
    Task Clear();

    /// <summary>The etag of the last write and whether there is a record.</summary>
    [Alias("Describe")]
    Task<(string? Etag, bool RecordExists)> Describe();
}

/// <inheritdoc cref="INoteGrain"/>
internal sealed class NoteGrain([PersistentState("note", TestSilo.StorageName)] IPersistentState<Note> note)
    : Grain, INoteGrain
{
    public Task Write(string text)
    {
        note.State.Text = text;
        return note.WriteStateAsync();
    }

    public Task<string> Read() => Task.FromResult(note.State.Text);

    public Task Clear() => note.ClearStateAsync();

    public Task<(string? Etag, bool RecordExists)> Describe() => Task.FromResult((note.Etag, note.RecordExists))!;
}
