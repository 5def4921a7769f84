using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.OpenAi;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Working;

namespace DiffusionBatch.Pipeline.Tests.OpenAi;

/// <summary>Batches from their creation to their files, over jobs whose results are a function of item and settings.</summary>
public sealed class BatchTests : IAsyncDisposable
{
    readonly BatchRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    static string Text(JsonElement line) => line.GetProperty("response").GetProperty("body")
        .GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    [Fact]
    public async Task Requests_of_several_settings_are_answered_in_the_order_of_the_file()
    {
        BatchObject batch = await _rig.RunAsync(string.Join('\n',
            BatchRig.Chat("a", "one", "\"max_tokens\":3"), "", BatchRig.Chat("b", "two", "\"diffusion\":{\"steps\":8}"),
            BatchRig.Chat("c", "three"),
            BatchRig.Chat("d", "no length"), BatchRig.Chat("e", "five", "\"tools\":[{\"type\":\"function\"}]"),
            BatchRig.Chat("f", "six", "\"seed\":7,\"n\":2")) + "\n");
        Assert.Equal(("completed", 6L, 4L, 2L),
            (batch.Status, batch.RequestCounts.Total, batch.RequestCounts.Completed, batch.RequestCounts.Failed));
        Assert.Equal("m", batch.Model);
        Assert.True(batch is
        {
            InProgressAt: > 0, FinalizingAt: > 0, CompletedAt: > 0, FailedAt: null, CancellingAt: null,
            Usage.OutputTokens: 15
        });
        IReadOnlyList<JsonElement> lines = await _rig.LinesAsync(batch.OutputFileId), errors = await _rig.LinesAsync(batch.ErrorFileId);
        Assert.Equal(["a", "b", "c", "f"], lines.Select(l => l.GetProperty("custom_id").GetString()));
        Assert.Equal(["one → 50", "two → 8", "three → 50", "six → 50"], lines.Select(Text));
        Assert.Equal(JsonValueKind.Null, lines[0].GetProperty("error").ValueKind);
        JsonElement body = lines[1].GetProperty("response").GetProperty("body");
        Assert.Equal(("chat.completion", "m", 8, 8),
            (body.GetProperty("object").GetString(), body.GetProperty("model").GetString(), body.GetProperty("diffusion").GetProperty("nfe")
                .GetInt32(), body.GetProperty("diffusion").GetProperty("steps").GetInt32()));
        Assert.Equal(2, lines[3].GetProperty("response").GetProperty("body").GetProperty("choices").GetArrayLength());
        Assert.Equal([("d", "missing_required_parameter", "max_tokens"), ("e", "unsupported_parameter", "tools")], errors.Select(e =>
        {
            JsonElement response = e.GetProperty("response"), error = response.GetProperty("body").GetProperty("error");
            Assert.Equal((400, "invalid_request_error"),
                (response.GetProperty("status_code").GetInt32(), error.GetProperty("type").GetString()));
            return (e.GetProperty("custom_id").GetString(), error.GetProperty("code").GetString(), error.GetProperty("param").GetString());
        }));
        // One job for a, c and d, one for b, one for each choice of f.
        JobRow root = Assert.Single((await _rig.Rig.Index.Jobs.ListAsync(new JobFilter(), null, 10)).Jobs);
        Assert.Equal((JobKind.Pipeline, 4), (root.Kind, (await _rig.Rig.Index.Jobs.ChildrenAsync(root.Id)).Count));
    }

    [Fact]
    public async Task A_file_with_errors_fails_the_batch_with_all_of_them_and_nothing_is_sampled()
    {
        string good = BatchRig.Chat("a", "x");
        BatchObject batch = await _rig.RunAsync(string.Join('\n',
            good, "{", BatchRig.Chat("a", "y"), good.Replace("POST", "GET", StringComparison.Ordinal),
            good.Replace("/v1/chat/completions", "/v1/completions", StringComparison.Ordinal),
            good.Replace("\"m\"", "\"none\"", StringComparison.Ordinal), "[]", "{\"method\":\"POST\"}",
            good.Replace("\"body\"", "\"more\":1,\"body\"", StringComparison.Ordinal)));
        Assert.Equal(("failed", null, null), (batch.Status, batch.OutputFileId, batch.ErrorFileId));
        Assert.NotNull(batch.FailedAt);
        Assert.Equal(
            [
                ("invalid_json_line", 2L), ("duplicate_custom_id", 3L), ("invalid_method", 4L), ("mismatched_endpoint", 5L),
                ("model_not_found", 6L),
                ("invalid_json_line", 7L), ("missing_required_parameter", 8L), ("unknown_parameter", 9L),
            ],
            batch.Errors!.Data.Select(e => (e.Code, e.Line ?? 0)));
        Assert.Empty((await _rig.Rig.Index.Jobs.ListAsync(new JobFilter(), null, 10)).Jobs);
    }

    [Theory]
    [InlineData("", "empty_file")]
    [InlineData("\n \n", "empty_file")]
    [InlineData("[{\"custom_id\": \"a\"}]", "invalid_file_format")]
    public async Task A_file_without_requests_fails(string lines, string code)
    {
        // An empty upload is refused before, so that this one is blank.
        BatchObject batch = await _rig.RunAsync(lines.Length == 0 ? "\n" : lines);
        Assert.Equal(("failed", code), (batch.Status, Assert.Single(batch.Errors!.Data).Code));
    }

    [Fact]
    public async Task More_requests_than_may_be_fail_the_batch()
    {
        BatchObject batch = await _rig.RunAsync(string.Join('\n', Enumerable.Range(0, 51).Select(i => BatchRig.Chat($"{i}", "x"))));
        Assert.Equal(("too_many_requests", 51L), (batch.Errors!.Data[0].Code, batch.Errors.Data[0].Line));
    }

    [Fact]
    public async Task Where_all_requests_are_refused_the_batch_is_completed_with_its_errors_alone()
    {
        BatchObject batch = await _rig.RunAsync(BatchRig.Chat("a", "x", "\"stream\":true"));
        Assert.Equal(("completed", null, 1L), (batch.Status, batch.OutputFileId, batch.RequestCounts.Failed));
        Assert.Single(await _rig.LinesAsync(batch.ErrorFileId));
    }

    [Fact]
    public async Task A_cancelled_batch_keeps_what_is_answered()
    {
        using var held = new ManualResetEventSlim();
        var tasks = new FakeTasks { Window = 1, OnResult = n => { if (n == 300) held.Wait(TimeSpan.FromMinutes(1)); } };
        string lines = string.Join('\n', Enumerable.Range(0, 40).Select(i => BatchRig.Chat($"{i}", "x", "\"n\":10")));
        BatchObject batch = await _rig.CreateAsync(lines);
        await using (PipelineRig.Running worker = _rig.Rig.Start(tasks))
        {
            await _rig.UntilAsync(batch.Id, "in_progress");
            await _rig.Rig.UntilAsync(async () =>
                (await _rig.Batches.GetAsync(batch.Id, default)).RequestCounts.Completed > 0);
            BatchObject cancelling = await _rig.Batches.CancelAsync(batch.Id, default);
            Assert.Equal(("cancelling", null), (cancelling.Status, cancelling.CancelledAt));
            held.Set();
            batch = await _rig.UntilAsync(batch.Id, "cancelled");
        }
        Assert.True(batch is { CancellingAt: > 0, CancelledAt: > 0, CompletedAt: null, OutputFileId: null });
        Assert.All(await _rig.LinesAsync(batch.ErrorFileId),
            l => Assert.Equal("batch_cancelled", l.GetProperty("error").GetProperty("code").GetString()));
        var again = await Assert.ThrowsAsync<RequestRefusedException>(async () =>
            await _rig.Batches.CancelAsync((await _rig.RunAsync(BatchRig.Chat("a", "x"))).Id, default));
        Assert.Equal(409, again.Refusal.Status);
    }

    [Fact]
    public async Task A_batch_that_is_cancelled_before_it_is_checked_ends_without_files()
    {
        BatchObject batch = await _rig.CreateAsync(BatchRig.Chat("a", "x"));
        await _rig.Batches.CancelAsync(batch.Id, default);
        batch = await _rig.UntilAsync(batch.Id, "cancelled");
        Assert.Equal((null, null, 0L), (batch.OutputFileId, batch.ErrorFileId, batch.RequestCounts.Total));
    }

    [Fact]
    public async Task What_is_not_answered_in_time_expires_and_the_rest_is_kept()
    {
        BatchObject batch = await _rig.CreateAsync(BatchRig.Chat("a", "x") + "\n" + BatchRig.Chat("b", "y", "\"seed\":2"), window: "2m");
        // Nobody works on it.
        batch = await _rig.UntilAsync(batch.Id, "expired");
        Assert.True(batch.ExpiredAt >= batch.ExpiresAt && batch is { FinalizingAt: > 0, RequestCounts.Failed: 2 });
        JsonElement[] errors = [.. await _rig.LinesAsync(batch.ErrorFileId)];
        Assert.Equal(["batch_expired", "batch_expired"], errors.Select(e => e.GetProperty("error").GetProperty("code").GetString()));
        Assert.All(errors, e => Assert.Equal(JsonValueKind.Null, e.GetProperty("response").ValueKind));
    }

    [Fact]
    public async Task Steps_that_are_done_twice_leave_one_job_and_the_same_files()
    {
        BatchObject batch = await _rig.CreateAsync(BatchRig.Chat("a", "x") + "\n" + BatchRig.Chat("b", "y"));
        for (int i = 0; i < 20; i++)
        {
            // Each time the runner dies a call to the store later; it says so in its log alone.
            await _rig.Runner(new CrashPoint(_ => true, i + 1, after: i % 2 == 1).Wrap(_rig.Rig.Store)).RunOnceAsync(default);
        }
        await using PipelineRig.Running worker = _rig.Rig.Start(new FakeTasks());
        batch = await _rig.UntilAsync(batch.Id, "completed");
        Assert.Equal(2, (await _rig.LinesAsync(batch.OutputFileId)).Count);
        Assert.Single((await _rig.Rig.Index.Jobs.ListAsync(new JobFilter(), null, 10)).Jobs);
        Assert.Equal(2, (await _rig.Files.ListAsync(null, new PageRequest(null, 10), default)).Data.Count);
    }

    [Fact]
    public async Task A_job_that_fails_fails_its_batch_with_what_is_wrong()
    {
        _rig.Rig.Root.Write("models.json", """{"models":[{"name":"m","folder":"models/gone"}]}""");
        BatchObject batch = await _rig.RunAsync(BatchRig.Chat("a", "x"));
        Assert.Equal("failed", batch.Status);
        Assert.Contains("models/gone", Assert.Single(batch.Errors!.Data).Message, StringComparison.Ordinal);
    }
}
