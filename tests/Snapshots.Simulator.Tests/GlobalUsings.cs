global using LedgerFrame = Snapshots.Protocol.Frame<Snapshots.Simulator.LedgerMessage>;
global using LedgerRecord = Snapshots.Protocol.ProcessRecord<Snapshots.Simulator.LedgerState, Snapshots.Simulator.LedgerMessage>;
global using LedgerTrace = Snapshots.Simulator.Trace<Snapshots.Simulator.LedgerState, Snapshots.Simulator.LedgerMessage>;
