using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Batch;
using OpenAI.Files;

namespace DiffusionBatch.Cli.Tests.OpenAi;

/// <summary>The official clients, told another address and nothing else.</summary>
public sealed class OpenAiClientsTests(OpenAiUp up) : IClassFixture<OpenAiUp>
{
    static readonly string[] s_final = ["completed", "failed", "expired", "cancelled"];

    [Fact]
    public async Task The_npm_client_runs_cancels_and_lists_batches()
    {
        string script = Path.Combine(SharedData.RepositoryRoot, "tests", "Cli.Tests", "OpenAi", "client.mjs");
        var start = new ProcessStartInfo("node", [script, up.Address.ToString(), "sk-test", OpenAiUp.Model, up.Requests])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using Process node = Process.Start(start)!;
        Task<string> error = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string text = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, await error);

        JsonElement seen = JsonDocument.Parse(text).RootElement;
        Assert.Equal([OpenAiUp.Model], Texts(seen, "models"));
        Assert.Equal(OpenAiUp.Model, seen.GetProperty("model").GetString());
        Assert.Equal(("requests.jsonl", "batch", "processed", new FileInfo(up.Requests).Length),
            (Text(seen, "file", "filename"), Text(seen, "file", "purpose"), Text(seen, "file", "status"), seen.GetProperty("file")
                .GetProperty("bytes").GetInt64()));
        JsonElement batch = seen.GetProperty("batch"), counts = batch.GetProperty("request_counts");
        Assert.Equal(("completed", OpenAiUp.Count, OpenAiUp.Count, 0, "npm"),
            (batch.GetProperty("status").GetString(), counts.GetProperty("total").GetInt32(), counts.GetProperty("completed").GetInt32(),
                counts.GetProperty("failed").GetInt32(), Text(batch, "metadata", "run")));
        long[] times = [.. ((string[])["created_at", "in_progress_at", "finalizing_at", "completed_at"]).Select(name =>
            batch.GetProperty(name).GetInt64())];
        Assert.Equal(times.Order(), times);
        Assert.Equal(times[0] + 24 * 3600, batch.GetProperty("expires_at").GetInt64());
        Assert.Equal("validating", Texts(seen, "statuses")[0]);
        up.Check(seen.GetProperty("output").GetString()!);
        Assert.Equal("cancelled", seen.GetProperty("cancelled").GetString());
        string[] batches = Texts(seen, "batches"), files = Texts(seen, "files");
        Assert.Contains(Text(seen, "batch", "id"), batches);
        Assert.Equal(batches.OrderDescending(StringComparer.Ordinal), batches);
        Assert.Contains(Text(seen, "file", "id"), files);
        Assert.Equal(
            [("batch", 404, "invalid_request_error", "NotFoundError"), ("endpoint", 400, "invalid_request_error", "BadRequestError"),
                ("content", 404, "invalid_request_error", "NotFoundError")],
            seen.GetProperty("errors").EnumerateObject()
                .Select(e => (e.Name, e.Value.GetProperty("status").GetInt32(), e.Value.GetProperty("type").GetString(),
                    e.Value.GetProperty("kind").GetString())));
        Assert.True(seen.GetProperty("deleted").GetBoolean());
    }

    [Fact]
    public async Task The_NET_client_runs_cancels_and_lists_batches()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        var client = new OpenAIClient(new ApiKeyCredential("sk-test"), new OpenAIClientOptions { Endpoint = up.Address });
        Assert.Equal([OpenAiUp.Model], (await client.GetOpenAIModelClient().GetModelsAsync(cancel)).Value.Select(m => m.Id));
        OpenAIFileClient files = client.GetOpenAIFileClient();
        OpenAIFile file;
        await using (FileStream content = File.OpenRead(up.Requests))
            file = await files.UploadFileAsync(content, "requests.jsonl", FileUploadPurpose.Batch, cancel);
        BatchClient batches = client.GetBatchClient();
        CreateBatchOperation run = await batches.CreateBatchAsync(Body(file.Id), waitUntilCompleted: false);
        JsonElement batch = await EndedAsync(run);
        Assert.Equal("completed", batch.GetProperty("status").GetString());
        BinaryData output = await files.DownloadFileAsync(batch.GetProperty("output_file_id").GetString()!, cancel);
        up.Check(output.ToString());

        CreateBatchOperation stopped = await batches.CreateBatchAsync(Body(file.Id), waitUntilCompleted: false);
        await stopped.CancelAsync(null);
        Assert.Equal("cancelled", (await EndedAsync(stopped)).GetProperty("status").GetString());

        var listed = new List<string>();
        await foreach (ClientResult page in batches.GetBatchesAsync(null, 1, null).GetRawPagesAsync().WithCancellation(cancel))
            listed.AddRange(JsonDocument.Parse(page.GetRawResponse().Content).RootElement.GetProperty("data").EnumerateArray()
                .Select(b => b.GetProperty("id").GetString()!));
        Assert.Contains(run.BatchId, listed);
        Assert.Contains(stopped.BatchId, listed);
        Assert.Contains(file.Id, (await files.GetFilesAsync(FilePurpose.Batch, cancel)).Value.Select(f => f.Id));
        ClientResultException refused = await Assert.ThrowsAsync<ClientResultException>(() => files.GetFileAsync("file-none", cancel));
        Assert.Equal(404, refused.Status);
        Assert.True((await files.DeleteFileAsync(file.Id, cancel)).Value.Deleted);
    }

    static BinaryContent Body(string file) => BinaryContent.Create(BinaryData.FromObjectAsJson(
        new { input_file_id = file, endpoint = "/v1/chat/completions", completion_window = "24h" }));

    static async Task<JsonElement> EndedAsync(CreateBatchOperation operation)
    {
        while (true)
        {
            ClientResult answer =
                await operation.GetBatchAsync(new RequestOptions { CancellationToken = TestContext.Current.CancellationToken });
            JsonElement batch = JsonDocument.Parse(answer.GetRawResponse().Content).RootElement.Clone();
            if (s_final.Contains(batch.GetProperty("status").GetString())) return batch;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    static string[] Texts(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];

    static string? Text(JsonElement element, string outer, string inner) => element.GetProperty(outer).GetProperty(inner).GetString();
}
