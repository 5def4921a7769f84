using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public sealed class SqlitePipelineIndexTests : PipelineIndexCompliance, IDisposable
{
    readonly TestRoot _root = new();

    protected override Task<ISqlDialect> NewDatabaseAsync() => Task.FromResult<ISqlDialect>(new SqliteDialect(_root.Path("dbatch.db")));

    public void Dispose() => _root.Dispose();
}
