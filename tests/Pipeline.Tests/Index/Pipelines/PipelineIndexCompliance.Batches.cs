using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    FileRow NewFile(string tenant, string purpose = "batch", TimeSpan? expires = null)
    {
        Time.Advance(s_second);
        DateTimeOffset now = Time.GetUtcNow();
        return new FileRow
        {
            Id = "file-" + Guid.CreateVersion7(now).ToString("N"),
            Tenant = tenant,
            Name = "r.jsonl",
            Purpose = purpose,
            Path = "openai/r",
            Bytes = 12,
            CreatedAt = now,
            ExpiresAt = now + expires
        };
    }

    Task<BatchRow> NewBatchAsync(string tenant)
    {
        Time.Advance(s_second);
        DateTimeOffset now = Time.GetUtcNow();
        return Index.Batches.AddAsync(new BatchRow
        {
            Id = "batch_" + Guid.CreateVersion7(now).ToString("N"),
            Tenant = tenant,
            Endpoint = "/v1/completions",
            InputFile = "file-1",
            TimeWindow = "24h",
            OutputSeconds = 3600,
            Metadata = new Dictionary<string, string> { ["who"] = "ä" },
            CreatedAt = now,
            ExpiresAt = now.AddDays(1),
        });
    }

    IBatchIndex Of(string tenant) => Index.For(Tenant.Of(tenant)).Batches;

    [Fact]
    public async Task Files_are_their_tenant_s_and_listed_in_pages()
    {
        FileRow[] mine = [NewFile("a"), NewFile("a", "batch_output", s_second), NewFile("a")];
        FileRow other = NewFile("b");
        foreach (FileRow file in (FileRow[])[.. mine, other]) await Index.Batches.AddFileAsync(file);
        Assert.Equal(mine[1], await Of("a").FileAsync(mine[1].Id));
        Assert.Null(await Of("a").FileAsync(other.Id));
        Assert.False(await Of("a").RemoveFileAsync(other.Id));
        RowPage<FileRow> first = await Of("a").FilesAsync(null, new PageRequest(null, 2)),
            second = await Of("a").FilesAsync(null, new PageRequest(first.Rows[^1].Id, 2));
        Assert.Equal([mine[2].Id, mine[1].Id], first.Rows.Select(f => f.Id));
        Assert.Equal((true, mine[0].Id, false), (first.HasMore, Assert.Single(second.Rows).Id, second.HasMore));
        Assert.Equal([mine[0].Id, mine[2].Id],
            (await Of("a").FilesAsync("batch", new PageRequest(null, 9, OldestFirst: true))).Rows.Select(f => f.Id));
        long[] bytes = await Task.WhenAll(((string[])["a", "b", "c"]).Select(async tenant =>
            (await Index.Quotas.GetAsync(Tenant.Of(tenant)))!.Bytes));
        Assert.Equal([36, 12, 0], bytes);
        Assert.Equal([mine[1].Id], (await Index.Batches.ExpiredFilesAsync()).Select(f => f.Id));
        Assert.True(await Of("a").RemoveFileAsync(mine[0].Id));
        Assert.Null(await Of("a").FileAsync(mine[0].Id));
    }

    [Fact]
    public async Task A_batch_goes_from_status_to_status_and_ends_once()
    {
        BatchRow batch = await NewBatchAsync("a"), other = await NewBatchAsync("b");
        Assert.Equal((BatchStatus.Validating, "ä", 3600L), (batch.Status, batch.Metadata!["who"], batch.OutputSeconds));
        Assert.Null(await Of("b").GetAsync(batch.Id));
        Assert.Equal([batch.Id, other.Id], (await Index.Batches.OpenAsync()).Select(b => b.Id));
        Time.Advance(s_second);
        BatchRow started = await Index.Batches.StartAsync(batch.Id, new BatchStart("job_1", "m", 5, 1, 6));
        Assert.Equal((BatchStatus.InProgress, "job_1", "m", 5L, 1L, 6L, Time.GetUtcNow()),
            (started.Status, started.JobId, started.Model, started.Total, started.Rejected, started.Answers, started.InProgressAt!.Value));
        Assert.True(await Index.Batches.FinalizeAsync(batch.Id, BatchStatus.Expired));
        Assert.False(await Index.Batches.FinalizeAsync(batch.Id, BatchStatus.Completed));
        Assert.Equal(BatchStatus.Finalizing, (await Of("a").CancelAsync(batch.Id))!.Status);
        FileRow output = NewFile("a", "batch_output");
        var end = new BatchEnd(BatchStatus.Expired) { Completed = 3, Failed = 2, PromptTokens = 7, CompletionTokens = 8, Output = output };
        bool[] ended = await RaceAsync(3, (index, _) => index.Batches.FinishAsync(batch.Id, end));
        Assert.Single(ended, e => e);
        BatchRow final = (await Of("a").GetAsync(batch.Id))!;
        Assert.Equal((BatchStatus.Expired, output.Id, null, 3L, 2L, 7L, 8L),
            (final.Status, final.OutputFile, final.ErrorFile, final.Completed, final.Failed, final.PromptTokens, final.CompletionTokens));
        Assert.Equal(output, await Of("a").FileAsync(output.Id));
        Assert.Equal([other.Id], (await Index.Batches.OpenAsync()).Select(b => b.Id));
        Assert.Equal([other.Id], (await Of("b").ListAsync(new PageRequest(null, 5))).Rows.Select(b => b.Id));
    }

    [Fact]
    public async Task A_batch_that_is_cancelled_stays_so()
    {
        BatchRow batch = await NewBatchAsync("a");
        Assert.Null(await Of("b").CancelAsync(batch.Id));
        Assert.Equal(BatchStatus.Cancelling, (await Of("a").CancelAsync(batch.Id))!.Status);
        BatchRow started = await Index.Batches.StartAsync(batch.Id, new BatchStart("job_1", null, 5, 0, 5));
        Assert.Equal((BatchStatus.Cancelling, "job_1", null), (started.Status, started.JobId, started.InProgressAt));
        Assert.True(await Index.Batches.FinalizeAsync(batch.Id, BatchStatus.Cancelled));
        Assert.Equal((BatchStatus.Cancelling, BatchStatus.Cancelled),
            ((await Of("a").GetAsync(batch.Id))!.Status, (await Of("a").GetAsync(batch.Id))!.Outcome));
        Assert.True(await Index.Batches.FinishAsync(batch.Id,
            new BatchEnd(BatchStatus.Cancelled) { Errors = [new BatchErrorItem("c", "m", null, 3)] }));
        BatchRow ended = (await Of("a").GetAsync(batch.Id))!;
        Assert.Equal((BatchStatus.Cancelled, new BatchErrorItem("c", "m", null, 3)), (ended.Status, Assert.Single(ended.Errors)));
    }
}
