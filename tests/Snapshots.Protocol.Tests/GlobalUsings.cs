global using System.Collections.Immutable;
global using TestProcess = Snapshots.Protocol.Process<string, string>;
