using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Simulator.Tests.Search;

/// <summary>
/// The search makes each process from its record before every step. Here one that is never made again takes the same
/// inputs, and must always have the record that the search has.
/// </summary>
public sealed class LivingProcessTests
{
    private const int Walks = 300;

    [Theory]
    [InlineData("pair")]
    [InlineData("twoInitiators")]
    [InlineData("returned")]
    [InlineData("loss")]
    [InlineData("disorder")]
    [InlineData("owedOverlap")]
    public void A_process_that_lives_on_is_the_one_that_is_made_from_its_record(string name)
    {
        var model = new SearchModel(SearchCases.Find(name) with { ReportsTravel = true }, new Variant());
        var heldBack = 0;
        for (var seed = 1UL; seed <= Walks; seed++) heldBack += Walk(model, seed);
        Assert.Equal(model.Case.Reorders || model.Case.Losses > 0, heldBack > 0);
    }

    /// <summary>One schedule at random; answers how often a frame was held back.</summary>
    private static int Walk(SearchModel model, ulong seed)
    {
        var (random, state, heldBack, now) = (new SplitMix64(seed), model.Start(), 0, default(Instant));
        var living = Enumerable.Range(0, model.Layout.Processes)
            .Select(process => new HostedProcess(ProcessNames.Of(process), LedgerApplication.Instance, ProfileOf(model.Case), RecordOf(model, state, process), now))
            .ToList();
        while (model.ActionsOf(state) is { Count: > 0 } actions)
        {
            var action = actions[random.Below(actions.Count)];
            now = now.After(ProtocolLimits.Default.MaxResendPauseMs);
            Take(model, state, action, living, now);
            state = model.Take(state, action, out var breach);
            Assert.Null(breach);
            foreach (var each in living)
            {
                var expected = RecordOf(model, state, each.Id.Value[0] - 'a');
                Assert.True(
                    LedgerRecordCodec.ToBytes(expected).AsSpan().SequenceEqual(LedgerRecordCodec.ToBytes(each.ToRecord())),
                    string.Create(CultureInfo.InvariantCulture, $"{model.Case.Name}, seed {seed}: {each.Id} after {action}"));
                heldBack += each.HeldBackFrames;
            }
        }

        return heldBack;
    }

    private static void Take(SearchModel model, int[] state, SearchAction action, List<HostedProcess> living, Instant now)
    {
        switch (action.Kind)
        {
            case SearchActionKind.Request:
                var transfer = model.Case.Transfers[action.Item];
                var request = new LedgerRequest(action.Item + 1, ProcessNames.Of(transfer.Target), transfer.Amount);
                var self = living[action.Where];
                self.Apply(LedgerApplication.Instance.Decide(self.State, request).Reaction!, now);
                break;
            case SearchActionKind.Record:
                living[action.Where].Learn(model.AnnouncementOf(model.Announced(model.OfficeOf(state))));
                living[action.Where].Initiate(new(action.Other), now);
                break;
            case SearchActionKind.Deliver or SearchActionKind.Repeat:
                living[action.Other].Receive(model.Tables.Frames[action.Item], now);
                break;
            case SearchActionKind.Acknowledge:
                living[action.Where].Receive(model.Tables.Acknowledgements[action.Item], now);
                break;
            case SearchActionKind.Report:
                var report = model.Tables.Reports[action.Item];
                living[report.Process.Value[0] - 'a'].Accept(report);
                break;
            case SearchActionKind.Learn:
                living[action.Where].Learn(model.AnnouncementOf(model.Announced(model.OfficeOf(state))));
                break;
            case SearchActionKind.Resend:
                living[action.Where].Resend(now);
                break;
            default:
                break;
        }
    }

    private static Profile ProfileOf(SearchCase @case) => new()
    {
        Processes = @case.Processes,
        Opening = @case.Opening,
        Participant = new() { Markers = @case.Markers },
    };

    private static LedgerRecord RecordOf(SearchModel model, int[] state, int process) =>
        model.Tables.Records[model.Tables.Processes[state[process]].Record];
}
