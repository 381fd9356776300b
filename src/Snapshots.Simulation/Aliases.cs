global using LedgerEffects = Snapshots.Protocol.Effects<Snapshots.Simulation.LedgerMessage>;
global using LedgerFrame = Snapshots.Protocol.Frame<Snapshots.Simulation.LedgerMessage>;
global using LedgerProcess = Snapshots.Protocol.Process<Snapshots.Simulation.LedgerState, Snapshots.Simulation.LedgerMessage>;
global using LedgerReaction = Snapshots.Protocol.Reaction<Snapshots.Simulation.LedgerState, Snapshots.Simulation.LedgerMessage>;
global using LedgerRecord = Snapshots.Protocol.ProcessRecord<Snapshots.Simulation.LedgerState, Snapshots.Simulation.LedgerMessage>;
global using LedgerSnapshot = Snapshots.Protocol.GlobalState<Snapshots.Simulation.LedgerState, Snapshots.Simulation.LedgerMessage>;
global using LedgerTrace = Snapshots.Simulation.Trace<Snapshots.Simulation.LedgerState, Snapshots.Simulation.LedgerMessage>;
