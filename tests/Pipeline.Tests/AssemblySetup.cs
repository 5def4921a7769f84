using DiffusionBatch.Pipeline.Tests.Index;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
[assembly: AssemblyFixture(typeof(PostgresFixture))]
