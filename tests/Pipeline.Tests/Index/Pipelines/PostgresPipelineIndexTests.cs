using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Tests.Index.Servers;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public sealed class PostgresPipelineIndexTests(PostgresFixture server) : PipelineIndexCompliance
{
    protected override Task<ISqlDialect> NewDatabaseAsync() => server.NewDatabaseAsync();
}
