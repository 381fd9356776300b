using System.Globalization;
using System.Runtime.InteropServices;

namespace Snapshots.Documents;

/// <summary>
/// Reads the document of a completed snapshot. It refuses what breaks the schema; the verifier checks the numbers.
/// Unknown fields are ignored: the schema may grow, and the digest covers them.
/// </summary>
internal static class DocumentReader
{
    /// <exception cref="DocumentFormatException">The value is not such a document.</exception>
    public static ParsedDocument Read(JsonElement root)
    {
        var document = new DocumentNode(root);
        var version = document["schemaVersion"].Number();
        if (version != SnapshotDocument.SchemaVersion)
            throw document["schemaVersion"].Error($"is {version}; this program reads {SnapshotDocument.SchemaVersion}");

        var id = new SnapshotId(document["id"].Identity());
        CheckStatus(document["status"]);
        if (document["epoch"].Number() < 1) throw document["epoch"].Error("is not above 0");
        var initiator = root.TryGetProperty("initiator", out var named) && named.ValueKind == JsonValueKind.Null
            ? default
            : new ProcessId(document["initiator"].Identity());
        CheckTime(document["startedAt"]);
        CheckTime(document["completedAt"]);
        var processes = document["processes"].Items().ToList();
        var form = FormOf(document, processes);
        var state = new GlobalState<Figures, long>(
            [.. processes.Select(process => ReadProcess(process, form))],
            [.. document["channels"].Items().Select(channel => ReadChannel(channel, form))]);
        var certificate = document["certificate"];
        var stated = ReadCertificate(certificate, form, certificate["digest"].Text());
        return new ParsedDocument(id, initiator, state, form, stated);
    }

    private static MoneyForm FormOf(DocumentNode document, List<DocumentNode> processes)
    {
        if (document.Find("application") is { } application)
        {
            application.Identity();
            return MoneyForm.None;
        }

        return processes.Count > 0 && processes[0]["state"].Find("tokens") is not null
            ? MoneyForm.Tokens
            : MoneyForm.Accounts;
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

/// <summary>Holds what verification needs of a document. A message is reduced to its amount.</summary>
/// <param name="Id">The snapshot.</param>
/// <param name="Initiator">The process that recorded first, as the document states.</param>
/// <param name="State">The global state.</param>
/// <param name="Form">What the states and messages say of money.</param>
/// <param name="Stated">The certificate that the document states.</param>
internal sealed record ParsedDocument(
    SnapshotId Id, ProcessId Initiator, GlobalState<Figures, long> State, MoneyForm Form, StatedCertificate Stated);

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
