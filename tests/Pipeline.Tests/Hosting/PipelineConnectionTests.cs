using DiffusionBatch.Pipeline.Hosting;

namespace DiffusionBatch.Pipeline.Tests.Hosting;

/// <summary>What a host that starts says about a connection.</summary>
public sealed class PipelineConnectionTests
{
    const string Account = "https://acct.blob.core.windows.net", Index = "Host=db;Database=dbatch;Username=me;Ssl Mode=VerifyFull";

    public static TheoryData<PipelineConnection> Good =>
    [
        new PipelineConnection { Folder = "root", Index = "index.db" },
        new PipelineConnection { Storage = "UseDevelopmentStorage=true", Index = "index.db" },
        new PipelineConnection { Storage = "UseDevelopmentStorage=true", Index = "Host=db;Database=dbatch;Username=me;Password=secret" },
        new PipelineConnection { Storage = Account, Index = "index.db" },
        new PipelineConnection { Storage = Account, Index = Index, IndexByIdentity = true, Identity = "id" },
        new PipelineConnection { Storage = "https://127.0.0.1:1/a", Queues = "https://127.0.0.1:2/a", Index = "index.db" },
    ];

    [Theory, MemberData(nameof(Good))]
    public void What_leaves_nothing_open_is_taken(PipelineConnection connection) => Assert.Empty(Problems(connection));

    public static TheoryData<string, PipelineConnection> Bad => new()
    {
        { "Give either Storage", new PipelineConnection { Index = "index.db" } },
        { "Give either Storage", new PipelineConnection { Storage = Account, Folder = "root", Index = "index.db" } },
        { "Container must not be empty", new PipelineConnection { Storage = Account, Container = "", Index = "index.db" } },
        { "must begin with https://", new PipelineConnection { Storage = "http://acct.blob.core.windows.net", Index = "index.db" } },
        { "takes no SAS", new PipelineConnection { Storage = Account + "?sv=2026&sig=x", Index = "index.db" } },
        { "Give Queues", new PipelineConnection { Storage = "https://127.0.0.1:1/a", Index = "index.db" } },
        { "Queues: \"http://q\" must begin with https://",
            new PipelineConnection { Storage = Account, Queues = "http://q", Index = "index.db" } },
        { "Queues goes with a Storage that is an address",
            new PipelineConnection { Storage = "UseDevelopmentStorage=true", Queues = Account, Index = "index.db" } },
        { "Identity signs in nowhere",
            new PipelineConnection { Storage = "UseDevelopmentStorage=true", Identity = "id", Index = "index.db" } },
        { "Give Index", new PipelineConnection { Storage = Account } },
        { "Index is no PostgreSQL connection string", new PipelineConnection { Storage = Account, Index = "Host=db;Colour=green" } },
        { "IndexByIdentity is for an Index in PostgreSQL",
            new PipelineConnection { Storage = Account, Index = "index.db", IndexByIdentity = true } },
        { "Index has a password", new PipelineConnection { Storage = Account, Index = Index + ";Password=x", IndexByIdentity = true } },
        { "give Index an Ssl Mode", new PipelineConnection { Storage = Account, Index = "Host=db;Username=me", IndexByIdentity = true } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void What_is_wrong_is_said(string said, PipelineConnection connection) =>
        Assert.Contains(said, Assert.Single(Problems(connection)), StringComparison.Ordinal);

    static IEnumerable<string> Problems(PipelineConnection connection) =>
        new PipelineConnectionValidation().Validate(null, connection).Failures ?? [];
}
