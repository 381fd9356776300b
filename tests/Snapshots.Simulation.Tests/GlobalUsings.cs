global using LedgerFrame = Snapshots.Protocol.Frame<Snapshots.Simulation.LedgerMessage>;
global using LedgerRecord = Snapshots.Protocol.ProcessRecord<Snapshots.Simulation.LedgerState, Snapshots.Simulation.LedgerMessage>;
global using LedgerTrace = Snapshots.Simulation.Trace<Snapshots.Simulation.LedgerState, Snapshots.Simulation.LedgerMessage>;
