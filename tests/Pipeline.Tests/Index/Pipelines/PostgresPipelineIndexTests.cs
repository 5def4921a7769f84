using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public sealed class PostgresPipelineIndexTests(PostgresFixture server) : PipelineIndexCompliance
{
    protected override Task<ISqlDialect> NewDatabaseAsync() => server.NewDatabaseAsync();
}
