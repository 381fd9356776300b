// Each test needs the machine for itself: it measures, and what it starts is several processes.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
