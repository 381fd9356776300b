using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Snapshots.Documents;

/// <summary>
/// Reads the document of a completed snapshot. It refuses what breaks the schema; the verifier checks the numbers.
/// Unknown fields are ignored: the schema may grow, and the digest covers them.
/// </summary>
internal sealed class DocumentReader
{
    private readonly ImmutableArray<ProcessState<Figures>>.Builder _processes =
        ImmutableArray.CreateBuilder<ProcessState<Figures>>();

    private readonly ImmutableArray<ChannelState<long>>.Builder _channels =
        ImmutableArray.CreateBuilder<ChannelState<long>>();


    /// <summary>Reads all but the processes and channels, which are added one by one.</summary>
    /// <param name="root">The document; the arrays of processes and channels may be empty.</param>
    /// <param name="firstProcess">The first process; null if there is none.</param>
    /// <exception cref="DocumentFormatException">The value is not such a document.</exception>
    public DocumentReader(JsonElement root, JsonElement? firstProcess)
    {
        var document = new DocumentNode(root);
        var version = document["schemaVersion"].Number();
        if (version != SnapshotDocument.SchemaVersion)
            throw document["schemaVersion"].Error($"is {version}; this program reads {SnapshotDocument.SchemaVersion}");

        Id = new SnapshotId(document["id"].Identity());
        CheckStatus(document["status"]);
        if (document["epoch"].Number() < 1) throw document["epoch"].Error("is not above 0");
        Initiator = root.TryGetProperty("initiator", out var named) && named.ValueKind == JsonValueKind.Null
            ? default
            : new ProcessId(document["initiator"].Identity());
        CheckTime(document["startedAt"]);
        CheckTime(document["completedAt"]);
        _ = document["processes"].Items();
        Form = FormOf(document, firstProcess is { } first ? DocumentNode.ItemOf("processes", 0, first) : null);
        _ = document["channels"].Items();
        var certificate = document["certificate"];
        Stated = ReadCertificate(certificate, Form, certificate["digest"].Text());
    }

    /// <summary>The snapshot.</summary>
    public SnapshotId Id { get; }

    /// <summary>The process that recorded first, as the document states.</summary>
    public ProcessId Initiator { get; }

    /// <summary>What the states and messages say of money.</summary>
    public MoneyForm Form { get; }

    /// <summary>The certificate that the document states.</summary>
    public StatedCertificate Stated { get; }

    /// <summary>What was added. A state is reduced to its figures, a message to its amount.</summary>
    public GlobalState<Figures, long> State => new(_processes.ToImmutable(), _channels.ToImmutable());

    /// <summary>Adds a process or a channel.</summary>
    public void Add(string name, int index, JsonElement item)
    {
        var node = DocumentNode.ItemOf(name, index, item);
        if (name == "processes") _processes.Add(ReadProcess(node, Form));
        else _channels.Add(ReadChannel(node, Form));
    }

    private static MoneyForm FormOf(DocumentNode document, DocumentNode? firstProcess)
    {
        if (document.Find("application") is { } application)
        {
            application.Identity();
            return MoneyForm.None;
        }

        return firstProcess?["state"].Find("tokens") is not null ? MoneyForm.Tokens : MoneyForm.Accounts;
    }

    private static void CheckStatus(DocumentNode status)
    {
        var name = status.Text();
        if (name == DocumentWriter.NameOf(DocumentStatus.Completed)) return;
        throw Enum.GetValues<DocumentStatus>().Any(known => DocumentWriter.NameOf(known) == name)
            ? new DocumentFormatException($"the document has no certificate: the snapshot is {name}")
            : status.Error("is not one of running, completed, aborted");
    }

    private static void CheckTime(DocumentNode time)
    {
        if (!DocumentTime.IsValid(time.Text())) throw time.Error("is not a time such as 2026-01-31T12:00:00.000Z");
    }

    /// <summary>Reads the figures of a state.</summary>
    public static Figures ReadFigures(DocumentNode state, MoneyForm form) => form switch
    {
        MoneyForm.Tokens => new(state["tokens"].Number(), 0, 0),
        MoneyForm.Accounts => new(state["balance"].Number(), state["deposited"].Number(), state["withdrawn"].Number()),
        _ => default,
    };

    /// <summary>Reads the amount of a message; 0 without money.</summary>
    public static long ReadAmount(DocumentNode message, MoneyForm form)
    {
        if (form == MoneyForm.None) return 0;
        var type = message["type"];
        if (type.Text() is not ("transfer" or "return")) throw type.Error("is neither transfer nor return");
        var transfer = form == MoneyForm.Tokens ? message.Find("transferId") : message["transferId"];
        _ = transfer?.Identity();
        return message["amount"].Number();
    }

    private static ProcessState<Figures> ReadProcess(DocumentNode process, MoneyForm form)
    {
        var state = process["state"];
        return new ProcessState<Figures>(new ProcessId(process["id"].Identity()), ReadFigures(state, form));
    }

    private static ChannelState<long> ReadChannel(DocumentNode channel, MoneyForm form) => new(
        new ChannelId(new ProcessId(channel["source"].Identity()), new ProcessId(channel["target"].Identity())),
        new MessageCount(channel["sent"].Count()),
        new MessageCount(channel["delivered"].Count()),
        [.. channel["messages"].Items().Select(message => ReadMessage(message, form))]);

    private static NumberedMessage<long> ReadMessage(DocumentNode message, MoneyForm form) =>
        new(new MessageCount(message["sequence"].Count()), ReadAmount(message, form));

    /// <summary>Reads what a certificate states.</summary>
    public static StatedCertificate ReadCertificate(DocumentNode certificate, MoneyForm form, string digest)
    {
        var figures = new CertificateFigures(
            [.. certificate["violations"].Items().Select(violation => violation.Text())],
            certificate["processCount"].Count(),
            certificate["channelCount"].Count(),
            certificate["markerCount"].Count(),
            certificate["messagesInTransit"].Count(),
            form == MoneyForm.None ? null : ReadMoney(certificate));
        return new StatedCertificate(
            figures,
            certificate["consistent"].Truth(),
            form == MoneyForm.None || certificate["conserved"].Truth(),
            digest);
    }

    private static MoneyTotals ReadMoney(DocumentNode certificate) => new(
        certificate["balance"].Total(),
        certificate["inTransit"].Total(),
        certificate["deposited"].Total(),
        certificate["withdrawn"].Total());
}

/// <summary>What the states and messages of a document say of money.</summary>
internal enum MoneyForm
{
    /// <summary>Nothing: it names its application, and the certificate has no totals.</summary>
    None,

    /// <summary>States are <c>{"balance","deposited","withdrawn"}</c>.</summary>
    Accounts,

    /// <summary>States are <c>{"tokens"}</c>; only the certificate states the tokens at the start.</summary>
    Tokens,
}

/// <summary>The certificate that a document states: claims, to be compared with what its content gives.</summary>
internal sealed record StatedCertificate(CertificateFigures Figures, bool Consistent, bool Conserved, string Digest);

/// <summary>
/// A JSON value together with its place in the document, for error messages. The path is built only for an error.
/// </summary>
internal sealed class DocumentNode
{
    private readonly JsonElement _element;
    private readonly DocumentNode? _parent;
    private readonly string _name;
    private readonly int _index;

    public DocumentNode(JsonElement root)
        : this(root, null, string.Empty, 0)
    {
    }

    /// <summary>An item of an array of the document.</summary>
    public static DocumentNode ItemOf(string name, int index, JsonElement item) =>
        new(item, new DocumentNode(default, new DocumentNode(default), name, 0), string.Empty, index);

    private DocumentNode(JsonElement element, DocumentNode? parent, string name, int index)
    {
        _element = element;
        _parent = parent;
        _name = name;
        _index = index;
    }

    private string Path => _parent is null ? string.Empty
        : _name.Length == 0 ? $"{_parent.Path}[{_index}]"
        : _parent._parent is null ? _name
        : $"{_parent.Path}.{_name}";

    public bool IsNull => _element.ValueKind == JsonValueKind.Null;

    public DocumentNode this[string name] => Find(name) ?? throw Error($"has no {name}");

    public DocumentNode? Find(string name)
    {
        if (_element.ValueKind != JsonValueKind.Object) throw Error("is not an object");
        return _element.TryGetProperty(name, out var value) ? new DocumentNode(value, this, name, 0) : null;
    }

    public IEnumerable<DocumentNode> Items()
    {
        if (_element.ValueKind != JsonValueKind.Array) throw Error("is not an array");
        return _element.EnumerateArray().Select((item, index) => new DocumentNode(item, this, string.Empty, index));
    }

    public string Text()
    {
        if (_element.ValueKind != JsonValueKind.String) throw Error("is not a string");
        try
        {
            return _element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Error("is not Unicode text");
        }
    }

    public string Identity() => Text() is var text && Identifier.IsValid(text)
        ? text
        : throw Error($"is not an identifier: 1 to {Identifier.MaxLength} of letters, digits, . _ - :");

    public bool Truth() => _element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error("is neither true nor false"),
    };

    /// <summary>
    /// An integer written without fraction and exponent: 1.0 and 1e0 are refused, since a reader could round them.
    /// </summary>
    public long Number() => _element.ValueKind == JsonValueKind.Number && _element.TryGetInt64(out var value)
        ? value
        : throw Error("is not an integer of 64 bits");

    public Int128 Total() => _element.ValueKind == JsonValueKind.Number
        && Int128.TryParse(
            JsonMarshal.GetRawUtf8Value(_element),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var value)
        ? value
        : throw Error("is not an integer of 128 bits");

    public long Count() => Number() is var count and >= 0 ? count : throw Error("is negative");

    public DocumentFormatException Error(string what) =>
        new($"{(Path is { Length: > 0 } path ? path : "the document")} {what}");
}
