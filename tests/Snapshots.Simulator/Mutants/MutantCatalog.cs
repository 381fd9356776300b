using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>All planted faults.</summary>
internal static class MutantCatalog
{
    public static ImmutableArray<Mutant> All { get; } =
    [
        new("markerSentLate", "a marker goes out behind the next message", "markerPlace", () => new PostponedMarkers(onlyWhenFull: false)),
        new("markerWithoutNumber", "a marker takes no number of its own", "oneMarker", Of(static (i, a, p, r, n) => new MarkerWithoutNumber(i, a, p, r, n))),
        new("cutsInFrameNumbers", "cuts are told in frame numbers", "localState", Of(static (i, a, p, r, n) => new CutsInFrameNumbers(i, a, p, r, n))),
        new("stopsAtAnyMarker", "a marker closes its channel for every snapshot", "recording", Of(static (i, a, p, r, n) => new StopsAtAnyMarker(i, a, p, r, n))),
        new("firstChannelLeftOpen", "the first marker's channel is not closed", "recording", Of(static (i, a, p, r, n) => new FirstChannelLeftOpen(i, a, p, r, n))),
        new("stateCopiedLate", "the state is copied after the next message", "localState", Of(static (i, a, p, r, n) => new StateCopiedLate(i, a, p, r, n))),
        new("duplicatesDelivered", "a frame that comes twice is delivered twice", "fifo", Of(static (i, a, p, r, n) => new DuplicatesDelivered(i, a, p, r, n))),
        new("gapDelivered", "an early frame is delivered over a gap", "fifo", Of(static (i, a, p, r, n) => new GapDelivered(i, a, p, r, n))),
        new("recordingLostOnRestart", "a restart forgets what is being recorded", "recovery", Of(static (i, a, p, r, n) => new(i, a, p, r is null ? null : r with { Recordings = [] }, n))),
        new("acknowledgedBeforePersisted", "acknowledgements leave before the write", "persistedFirst", static () => new Variant { AcknowledgesFirst = true }),
        new("sentBeforePersisted", "frames leave before the write", "persistedFirst", static () => new Variant { SendsFirst = true }),
        new("confirmedBeforePersisted", "a report is confirmed before it is stored", "storedFirst", static () => new Variant { ConfirmsFirst = true }),
        new("reportCountedTwice", "a repeated report counts twice", "channelState", static () => new CountsReportsTwice()),
        new("receiversNotAsked", "nobody asks again for a channel state that was lost with its process", "ends", static () => new Variant { AsksReceivers = false }),
        new("endsTooEarly", "the end is told before the certificate holds", "certificate", static () => new EndsTooEarly()),
        new("judgedBeforeAllIsHeard", "the parts of a collection are judged before they have told each other all", "certificate", static () => new JudgesBeforeAllIsHeard()),
        new("deafToNewLives", "a part does not hear another one that was lost and counts again", "ends", static () => new DeafToNewLives()),
        new("oldLifeContinued", "a part goes on with the counts of a life of another part that is over", "ends", static () => new OldLifeContinued()),
        new("numberUsedFirst", "a number is used before it is stored", "storedFirst", static () => new Variant { UsesNumbersFirst = true }),
        new("reportCountedFirst", "a report counts before it is stored", "storedFirst", static () => new Variant { CountsReportsFirst = true }),
        new("endToldFirst", "an end is told before it is stored", "storedFirst", static () => new Variant { TellsEndsFirst = true }),
        new("pagesForgotten", "a deletion forgets pages of reports", "leavesNothing", static () => new Variant { ForgetsPages = true }),
        new("unknownChannelNotRecorded", "a channel that appears after the cut is not recorded", "recording", Of(static (i, a, p, r, n) => new UnknownChannelNotRecorded(i, a, p, r, n))),
        new("noMarkerOnNewChannel", "a channel opened after the cut has no marker", "markerPlace", Of(static (i, a, p, r, n) => new NoMarkerOnNewChannel(i, a, p, r, n))),
        new("lateMarkerStartsAnew", "a late marker starts an ended snapshot again", "oneRecord", Of(static (i, a, p, r, n) => new LateMarkerStartsAnew(i, a, p, r, n))),
        new("oldFrameTaken", "a frame of an older epoch is delivered", "fifo", Of(static (i, a, p, r, n) => new OldFrameTaken(i, a, p, r, n))),
        new("oldAcknowledgementTaken", "an acknowledgement of an older epoch is obeyed", "ends", Of(static (i, a, p, r, n) => new OldAcknowledgementTaken(i, a, p, r, n))),
        new("oldReportTaken", "a report of an older epoch is counted", "localState", static () => new OldReportTaken()),
        new("windowHoldsBackMarkers", "a marker waits for room in the window", "markerPlace", static () => new PostponedMarkers(onlyWhenFull: true)),
        new("windowHoldsBackReturns", "returned money waits for room in the window", "ends", Of(static (i, a, p, r, n) => new WindowHoldsBackReturns(i, a, p, r, n))),
        new("refusalNotKept", "a refusal is not kept under its key", "exactlyOnce", static () => new RefusalNotKept()),
        new("overflowAcknowledged", "what finds the hold-back buffer full is dropped for good", "noFault", static () => new OverflowAcknowledged()),
        new("secondActivationWrites", "the storage takes the write of a stale activation", "fifo", static () => new Variant { TakesStaleWrites = true }),
        new("endedBelowHighest", "ended is what is below the highest that has ended", "ends", static () => new EndedBelowHighest()),
        new("answeredBeforeStored", "a request is answered before what it did is stored", "exactlyOnce", static () => new Variant { AnswersFirst = true }),
        new("workWithoutToken", "frames are written without an entry in the pending-work registry", "ends", static () => new Variant { WorksWithoutToken = true }),
        new("tokenReleasedAtOnce", "a token is released while frames are under way", "ends", static () => new Variant { ReleasesAtOnce = true }),
        new("failedWriteIgnored", "an activation goes on after a write that failed", "persistedFirst", static () => new Variant { GoesOnAfterFailedWrites = true }),
        new("markUnverified", "a stale shard answers a mark with an outdated list", "listed", static () => new Variant { MarksUnverified = true }),
        new("entriesOutliveCheckpoint", "a checkpoint does not replace the entries before it", "recovery", static () => new EntriesOutliveCheckpoints()),
        new("quietEntryDropped", "an entry that changes no channel is not stored", "recovery", static () => new DropsQuietEntries()),
        new("closedBeforeStored", "a process confirms that it is closed before that is stored", "fence", static () => new Variant { ConfirmsOrdersFirst = true }),
        new("committedTooEarly", "a restore is committed when the shards are closed, and not all their members", "fence", static () => new CommitsTooEarly()),
        new("closedByNobody", "a restore is committed in one round, without closing anything", "fence", static () => new Variant { SkipsClosing = true }),
        new("strangersAdmitted", "a shard takes newcomers while it is closed", "fence", static () => new Variant { AdmitsStrangers = true }),
        new("openedUnasked", "a closed process opens although its restore goes on", "fence", static () => new OpensUnasked()),
        new("readBeforeStored", "a reader is told the old state while a part is being stored", "reads", static () => new Variant { ReadsUnstored = true }),
        new("transitLost", "messages in transit are not delivered by a restore", "ends", static () => new LosesTransit()),
        new("countsStartAgain", "message counts start again with a restore", "localState", static () => new CountsAgain()),
        new("partAppliedAgain", "a part that comes twice is applied twice", "localState", Of(static (i, a, p, r, n) => new AppliesAgain(i, a, p, r, n))),
        new("partOfNextRestore", "a part is labelled with the restore after its own", "fence", static () => new LabelsWithNext()),
        new("outsidersKept", "a process outside of the source keeps its state", "localState", Of(static (i, a, p, r, n) => new KeepsOutsiders(i, a, p, r, n))),
        new("numbersGoBack", "snapshot numbers go back with a restore", "storedFirst", static () => new NumbersGoBack()),
    ];

    private static Func<Variant> Of(ProcessMutant.Factory create) => () => new ProcessMutant(create);
}
