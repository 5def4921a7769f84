using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public sealed class SqlitePipelineIndexTests : PipelineIndexCompliance
{
    readonly TestRoot _root = new();

    protected override Task<ISqlDialect> NewDatabaseAsync() => Task.FromResult<ISqlDialect>(new SqliteDialect(_root.Path("dbatch.db")));

    // Not Dispose beside it: of the two xunit calls DisposeAsync alone.
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _root.Dispose();
    }
}
