using System.Globalization;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Functions.Tests;

/// <summary>
/// One app for the tests that ask and look at answers, one after another; each uses names of its own. It takes files up to 1,000 bytes,
/// those of batches up to 2,000, and its environment is Development, where services are validated more strictly. An input and a model are
/// there.
/// </summary>
public sealed class SharedApi : IAsyncLifetime
{
    internal const string Input = "data/in.jsonl", Model = "models/m";

    ApiHost? _api;

    internal ApiHost Api => _api!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiHost.StartAsync(null, ("Files__MaxBytes", "1000"), ("OpenAi__MaxFileBytes", "2000"),
            ("AZURE_FUNCTIONS_ENVIRONMENT", "Development"));
        await _api.WriteAsync(Input,
            string.Concat(Enumerable.Range(0, 3).Select(i => $$"""{"id":"{{i}}","source":"text {{i}}"}""" + "\n")));
        await _api.WriteAsync($"{Model}/config.json", """{"model_type":"xlm-roberta"}""");
        await _api.WriteAsync($"{Model}/tokenizer.json", "{}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    /// <summary>A sample job of 3 items in 2 shards and 2 cells; the output follows from the name where it isn't given.</summary>
    internal static string Sample(string name, string? output = null, string input = Input, string model = Model) =>
        JsonSerializer.Serialize(new
        {
            kind = "sample",
            name,
            model = new { from = model },
            input,
            sampler = new { steps = (int[])[1, 2], length = new { source = "fixed", value = 4 } },
            shardSize = 2,
            output = output ?? $"results/{name}",
        });

    /// <summary>All that a request could have changed.</summary>
    internal async Task<string> StateAsync()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        var state = new StringBuilder();
        await foreach (BlobEntry blob in Api.Store.ListAsync("", cancel))
            state.AppendLine(CultureInfo.InvariantCulture, $"{blob.Name} {blob.Length} {blob.Tag}");
        foreach (JobRow job in (await Api.Index.Jobs.ListAsync(new JobFilter { Children = true }, null, 500, cancel)).Jobs)
            state.AppendLine(CultureInfo.InvariantCulture,
                $"{job.Id} {job.State} {job.Version} {job.PlanAttempt} {(await Api.Index.Tasks.ListAsync(job.Id, cancel)).Count} tasks");
        foreach (OutboxRow row in await Api.Index.Outbox.PendingAsync(100, cancel))
            state.AppendLine(CultureInfo.InvariantCulture, $"{row}");
        return state.ToString();
    }
}

/// <summary>The tests on <see cref="SharedApi"/>: they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class SharedApiTests : ICollectionFixture<SharedApi>
{
    public const string Name = "shared api";
}
