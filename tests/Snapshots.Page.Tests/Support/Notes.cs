using System.Collections.Concurrent;

namespace Snapshots.Page.Tests;

/// <summary>The state of a process of the test's own application: any text.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tests.note")]
public sealed record Note([property: Id(0)] string Text);

/// <summary>What its processes send each other.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tests.letter")]
public sealed record Letter([property: Id(0)] string Text);

/// <summary>Stores the last text; a text that is held stops its process until the test lets it go on.</summary>
public sealed class NotesApplication : IApplication<Note, Letter>
{
    public const string Name = "notes";

    private static readonly ConcurrentDictionary<string, TaskCompletionSource> Held = [];

    /// <summary>Holds the process at which a letter of that text arrives; the disposal lets it go on.</summary>
    public static Hold HoldAt(string text) => new(text);

    public Note CreateState(ProcessId self) => new(string.Empty);

    public Reaction<Note, Letter> Deliver(ProcessId self, Note state, ProcessId source, Letter message)
    {
        if (Held.TryGetValue(message.Text, out var held))
        {
            Hold.Arrived(message.Text);
            held.Task.Wait(TimeSpan.FromSeconds(60));
        }

        return new(new Note(message.Text));
    }

    public ulong Fingerprint(Letter message) => (ulong)message.Text.Length;

    /// <summary>A text at which a process waits.</summary>
    public sealed class Hold : IDisposable
    {
        private static readonly ConcurrentDictionary<string, TaskCompletionSource> Arrivals = [];
        private readonly string _text;

        internal Hold(string text)
        {
            _text = text;
            Arrivals[text] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Held[text] = new();
        }

        /// <summary>Completed when a process waits.</summary>
        public Task IsHeld => Arrivals[_text].Task;

        internal static void Arrived(string text) => Arrivals[text].TrySetResult();

        /// <summary>Lets the process go on.</summary>
        public void Dispose()
        {
            if (Held.TryRemove(_text, out var held)) held.SetResult();
        }
    }
}

/// <summary>A process of that application.</summary>
[Alias("tests.INotes")]
public interface INotes : IGrainWithStringKey
{
    [Alias("write")]
    Task WriteAsync(string text);

    [Alias("send")]
    Task SendAsync(string to, string text);
}

[SnapshotProcess(NotesApplication.Name)]
internal sealed class NotesGrain(ProcessServices services)
    : ProcessGrain<Note, Letter>(services, new NotesApplication()), INotes
{
    public Task WriteAsync(string text) => StepAsync(_ => new Step<Note, Letter, bool>(true, new(new Note(text))));

    public Task SendAsync(string to, string text) => StepAsync(state =>
        new Step<Note, Letter, bool>(true, new(state, [new(new ProcessId(to), new Letter(text))])));
}

/// <summary>A process of an application of which no test has one.</summary>
[Alias("tests.INothing")]
public interface INothing : IGrainWithStringKey
{
    [Alias("do")]
    Task DoAsync();
}

[SnapshotProcess("nothing")]
internal sealed class NothingGrain(ProcessServices services)
    : ProcessGrain<Note, Letter>(services, new NotesApplication()), INothing
{
    public Task DoAsync() => Task.CompletedTask;
}
