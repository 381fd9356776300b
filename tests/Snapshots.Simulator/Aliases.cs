global using LedgerEffects = Snapshots.Protocol.Effects<Snapshots.Simulator.LedgerMessage>;
global using LedgerFrame = Snapshots.Protocol.Frame<Snapshots.Simulator.LedgerMessage>;
global using LedgerProcess = Snapshots.Protocol.Process<Snapshots.Simulator.LedgerState, Snapshots.Simulator.LedgerMessage>;
global using LedgerReaction = Snapshots.Protocol.Reaction<Snapshots.Simulator.LedgerState, Snapshots.Simulator.LedgerMessage>;
global using LedgerRecord = Snapshots.Protocol.ProcessRecord<Snapshots.Simulator.LedgerState, Snapshots.Simulator.LedgerMessage>;
global using LedgerSnapshot = Snapshots.Protocol.GlobalState<Snapshots.Simulator.LedgerState, Snapshots.Simulator.LedgerMessage>;
global using LedgerTrace = Snapshots.Simulator.Trace<Snapshots.Simulator.LedgerState, Snapshots.Simulator.LedgerMessage>;
