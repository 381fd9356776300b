using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>The transitions of a case: what may happen in a state, and what comes of it.</summary>
internal sealed class SearchModel
{
    private readonly Variant _variant;
    private readonly ProcessStepper _stepper;
    private readonly SearchJudge _judge;
    private readonly int _nobody;

    public SearchModel(SearchCase @case, Variant variant)
    {
        Case = @case;
        _variant = variant;
        Tables = new();
        Layout = new(@case.Processes, @case.Snapshots.Length);
        _stepper = new(@case, Tables, variant);
        _judge = new(Tables, Layout, variant.Application);
        _nobody = Tables.Add(ImmutableArray<int>.Empty);
    }

    public SearchCase Case { get; }

    public SearchTables Tables { get; }

    public SearchLayout Layout { get; }

    public int[] Start()
    {
        var state = new int[Layout.Length];
        Array.Fill(state, _nobody);
        var collector = Tables.Add(CollectorSlot.NotBegun, []);
        for (var process = 0; process < Layout.Processes; process++) state[process] = _stepper.Create(process);
        for (var snapshot = 1; snapshot <= Layout.Snapshots; snapshot++) state[Layout.Collector(snapshot)] = collector;
        var registered = (1 << (Case.Processes - Case.Newcomers)) - 1;
        state[Layout.Office] = Tables.Add(new OfficeSlot(0, 0, registered, Case.Losses, Case.Repetitions, Case.Crashes));
        return state;
    }

    public IReadOnlyList<SearchAction> ActionsOf(int[] state) => new SearchActions(this, state).Find();

    /// <summary>What comes of an action; a breach, if it shows one.</summary>
    public int[] Take(int[] state, SearchAction action, out InvariantBreach? breach)
    {
        var next = new SearchTransition(this, _stepper, _variant, (int[])state.Clone());
        next.Take(action);
        breach = next.Breach ?? (next.HasCompleted ? _judge.FindBreach(next.State, atEnd: false) : null);
        return next.State;
    }

    /// <summary>What is wrong with a state in which nothing can happen any longer.</summary>
    public InvariantBreach? FindBreachAtEnd(int[] state) => _judge.FindBreach(state, atEnd: true);

    public CollectorSlot CollectorOf(int[] state, int snapshot) => Tables.Collectors[state[Layout.Collector(snapshot)]];

    public OfficeSlot OfficeOf(int[] state) => Tables.Offices[state[Layout.Office]];

    /// <summary>The part of an office that is told to processes.</summary>
    public int Announced(OfficeSlot office) => Tables.Add(new OfficeSlot(office.Highest, office.Open, 0, 0, 0, 0));

    public SnapshotAnnouncement AnnouncementOf(int office) => _stepper.AnnouncementOf(office);

    /// <summary>What the record of a process has to report.</summary>
    public IReadOnlyList<int> UnacceptedReportsOf(int slot)
    {
        var record = Tables.Processes[slot].Record;
        if (record < 0 || Tables.Records[record].Recordings.IsEmpty) return [];
        return [.. new LedgerProcess(Tables.Records[record], _variant.Application, Case.Opening, ProtocolLimits.Default, default)
            .UnacceptedReports().Select(Tables.Add)];
    }
}
