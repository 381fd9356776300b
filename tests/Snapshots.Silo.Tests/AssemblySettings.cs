// Each test starts a silo, which gives up when a busy machine lets it no time to start.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
