using DiffusionBatch.LocalHost.Tests;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
[assembly: AssemblyFixture(typeof(SharedHost))]

// They wait for processes and storage more than they compute.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
