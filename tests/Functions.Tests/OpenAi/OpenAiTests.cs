using System.Net;
using System.Text;
using System.Text.Json;

namespace DiffusionBatch.Functions.Tests.OpenAi;

/// <summary>The OpenAI-shaped door as clients see it, errors above all.</summary>
[Collection(SharedApiTests.Name)]
public sealed class OpenAiTests(SharedApi shared)
{
    ApiHost Api => shared.Api;

    async Task<HttpResponseMessage> UploadAsync(params (string Name, string Value, string? File)[] parts)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value, file) in parts)
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(value));
            if (file is null) form.Add(content, name);
            else form.Add(content, name, file);
        }
        return await Api.Client.PostAsync(new Uri("/v1/files", UriKind.Relative), form, TestContext.Current.CancellationToken);
    }

    async Task<string> FileAsync()
    {
        using HttpResponseMessage answer = await UploadAsync(("file", "{}\n", "r.jsonl"), ("purpose", "batch", null));
        return (await DocumentAsync(answer, HttpStatusCode.OK)).GetProperty("id").GetString()!;
    }

    Task<HttpResponseMessage> CreateAsync(string body) => Api.SendAsync("POST", "/v1/batches", body, "application/json");

    static async Task<JsonElement> DocumentAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    static async Task<(string? Param, string? Code)> ErrorAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        JsonElement error = (await DocumentAsync(answer, status)).GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(f => f.Name));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Equal((int)status < 500 ? "invalid_request_error" : "server_error", error.GetProperty("type").GetString());
        return (error.GetProperty("param").GetString(), error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_file_is_uploaded_shown_read_and_deleted()
    {
        using HttpResponseMessage answer = await UploadAsync(
            ("purpose", "batch", null), ("expires_after[anchor]", "created_at", null), ("expires_after[seconds]", "3600", null),
            ("file", "ä\n", "\u00e4 1.jsonl"));
        JsonElement file = await DocumentAsync(answer, HttpStatusCode.OK);
        string id = file.GetProperty("id").GetString()!;
        Assert.StartsWith("file-", id, StringComparison.Ordinal);
        Assert.Equal(("file", 3, "\u00e4 1.jsonl", "batch", 3600),
            (file.GetProperty("object").GetString(), file.GetProperty("bytes").GetInt32(), file.GetProperty("filename").GetString(),
                file.GetProperty("purpose").GetString(), file.GetProperty("expires_at").GetInt64() - file.GetProperty("created_at")
                    .GetInt64()));
        Assert.Equal(file.GetRawText(),
            (await DocumentAsync(await Api.SendAsync("GET", $"/v1/files/{id}"), HttpStatusCode.OK)).GetRawText());
        Assert.Equal("ä\n",
            await (await Api.SendAsync("GET", $"/v1/files/{id}/content")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        JsonElement list = await DocumentAsync(await Api.SendAsync("GET", "/v1/files?limit=1"), HttpStatusCode.OK);
        Assert.Equal(("list", 1), (list.GetProperty("object").GetString(), list.GetProperty("data").GetArrayLength()));
        JsonElement gone = await DocumentAsync(await Api.SendAsync("DELETE", $"/v1/files/{id}"), HttpStatusCode.OK);
        Assert.Equal((id, true), (gone.GetProperty("id").GetString(), gone.GetProperty("deleted").GetBoolean()));
        foreach (string path in new[] { $"/v1/files/{id}", $"/v1/files/{id}/content" })
            await ErrorAsync(await Api.SendAsync("GET", path), HttpStatusCode.NotFound);
        await ErrorAsync(await Api.SendAsync("DELETE", $"/v1/files/{id}"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_refused_leaves_nothing()
    {
        int before = await CountAsync();
        Assert.Equal(("purpose", "missing_required_parameter"),
            await ErrorAsync(await UploadAsync(("file", "x", "a.jsonl")), HttpStatusCode.BadRequest));
        Assert.Equal(("purpose", "invalid_value"),
            await ErrorAsync(await UploadAsync(("file", "x", "a.jsonl"), ("purpose", "fine-tune", null)), HttpStatusCode.BadRequest));
        Assert.Equal(("file", "missing_required_parameter"),
            await ErrorAsync(await UploadAsync(("purpose", "batch", null)), HttpStatusCode.BadRequest));
        Assert.Equal(("file", "empty_file"),
            await ErrorAsync(await UploadAsync(("file", "", "a.jsonl"), ("purpose", "batch", null)), HttpStatusCode.BadRequest));
        Assert.Equal(("colour", "unknown_parameter"),
            await ErrorAsync(await UploadAsync(("file", "x", "a.jsonl"), ("colour", "red", null)), HttpStatusCode.BadRequest));
        Assert.Equal(("expires_after.seconds", "invalid_value"),
            await ErrorAsync(await UploadAsync(("file", "x", "a.jsonl"), ("purpose", "batch", null),
                ("expires_after[anchor]", "created_at", null), ("expires_after[seconds]", "60", null)), HttpStatusCode.BadRequest));
        Assert.Equal((null, "too_large"),
            await ErrorAsync(await UploadAsync(("file", new string('x', 2001), "a.jsonl"), ("purpose", "batch", null)),
                HttpStatusCode.RequestEntityTooLarge));
        Assert.Equal((null, "invalid_content_type"),
            await ErrorAsync(await Api.SendAsync("POST", "/v1/files", "{}", "application/json"), HttpStatusCode.UnsupportedMediaType));
        Assert.Equal((null, "invalid_body"),
            await ErrorAsync(await Api.SendAsync("POST", "/v1/files", "--x\r\nContent-Disposition: form-data; name=\"file\"; "
                + "filename=\"a\"\r\n\r\ncut", "multipart/form-data; boundary=x"), HttpStatusCode.BadRequest));
        Assert.Equal(before, await CountAsync());

        async Task<int> CountAsync()
        {
            int count = 0;
            await foreach (var entry in Api.Store.ListAsync("openai/", TestContext.Current.CancellationToken)) count++;
            return count;
        }
    }

    [Fact]
    public async Task A_batch_is_created_shown_listed_and_cancelled()
    {
        string file = await FileAsync();
        JsonElement batch = await DocumentAsync(await CreateAsync(
            $$$"""{"input_file_id":"{{{file}}}","endpoint":"/v1/completions","completion_window":"24h","metadata":{"a":"b"},"output_expires_after":{"anchor":"created_at","seconds":3600}}"""), HttpStatusCode.OK);
        string id = batch.GetProperty("id").GetString()!;
        Assert.Equal(("batch", "validating", file, "24h", "b"),
            (batch.GetProperty("object").GetString(), batch.GetProperty("status").GetString(), batch.GetProperty("input_file_id")
                .GetString(), batch.GetProperty("completion_window").GetString(), batch.GetProperty("metadata").GetProperty("a")
                .GetString()));
        foreach (string absent in new[] { "errors", "output_file_id", "error_file_id", "in_progress_at", "finalizing_at", "completed_at",
            "failed_at", "expired_at", "cancelling_at", "cancelled_at", "usage" })
            Assert.Equal(JsonValueKind.Null, batch.GetProperty(absent).ValueKind);
        string second =
            (await DocumentAsync(
                await CreateAsync($$"""{"input_file_id":"{{file}}","endpoint":"/v1/completions","completion_window":"30m"}"""),
                HttpStatusCode.OK)).GetProperty("id").GetString()!;
        JsonElement page = await DocumentAsync(await Api.SendAsync("GET", "/v1/batches?limit=1"), HttpStatusCode.OK);
        Assert.Equal((second, second, true),
            (page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString(), page.GetProperty("has_more").GetBoolean()));
        Assert.Equal(id,
            (await DocumentAsync(await Api.SendAsync("GET", $"/v1/batches?limit=1&after={second}"), HttpStatusCode.OK)).GetProperty(
                "first_id").GetString());
        JsonElement cancelled = await DocumentAsync(await Api.SendAsync("POST", $"/v1/batches/{id}/cancel"), HttpStatusCode.OK);
        Assert.Equal(("cancelling", JsonValueKind.Number),
            (cancelled.GetProperty("status").GetString(), cancelled.GetProperty("cancelling_at").ValueKind));
        Assert.Equal("cancelling",
            (await DocumentAsync(await Api.SendAsync("GET", $"/v1/batches/{id}"), HttpStatusCode.OK)).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("""{"endpoint":"/v1/completions","completion_window":"24h"}""", "input_file_id", "missing_required_parameter")]
    [InlineData("""{"input_file_id":"file-none","endpoint":"/v1/completions","completion_window":"24h"}""", "input_file_id",
        "file_not_found")]
    [InlineData("""{"input_file_id":"FILE","endpoint":"/v1/embeddings","completion_window":"24h"}""", "endpoint", "invalid_value")]
    [InlineData("""{"input_file_id":"FILE","endpoint":"/v1/completions","completion_window":"soon"}""", "completion_window",
        "invalid_value")]
    [InlineData("""{"input_file_id":"FILE","endpoint":"/v1/completions","completion_window":"31d"}""", "completion_window",
        "invalid_value")]
    [InlineData(
        """{"input_file_id":"FILE","endpoint":"/v1/completions","completion_window":"24h","output_expires_after":{"anchor":"now","seconds":3600}}""", "output_expires_after.anchor", "invalid_value")]
    [InlineData("""{"input_file_id":"FILE","endpoint":"/v1/completions","completion_window":"24h","colour":1}""", null, "invalid_json")]
    [InlineData("{", null, "invalid_json")]
    public async Task A_batch_that_cannot_be_is_refused(string body, string? param, string code)
    {
        (string? named, string? coded) =
            await ErrorAsync(await CreateAsync(body.Replace("FILE", await FileAsync(), StringComparison.Ordinal)),
                HttpStatusCode.BadRequest);
        Assert.Equal(code, coded);
        if (param is not null) Assert.Equal(param, named);
    }

    [Theory]
    [InlineData("GET", "/v1/batches/batch_none", 404)]
    [InlineData("POST", "/v1/batches/batch_none/cancel", 404)]
    [InlineData("GET", "/v1/models/none", 404)]
    [InlineData("GET", "/v1/nothing", 404)]
    [InlineData("PUT", "/v1/batches", 405)]
    [InlineData("GET", "/v1/batches?limit=0", 400)]
    [InlineData("GET", "/v1/batches?limit=101", 400)]
    [InlineData("GET", "/v1/files?order=up", 400)]
    public async Task Errors_have_that_API_s_form(string method, string path, int status) =>
        await ErrorAsync(await Api.SendAsync(method, path), (HttpStatusCode)status);

    [Fact]
    public async Task Models_are_put_shown_and_struck_off()
    {
        await Api.WriteAsync("models/chat/diffusion.json", "{}");
        const string Entry = """{"folder":"models/chat","template":{"user":"Q: {content}\n","end":"A: "},"sampler":{"steps":8}}""";
        using HttpResponseMessage put = await Api.SendAsync("PUT", "/api/models/chat-1", Entry, "application/json");
        Assert.True(put.StatusCode == HttpStatusCode.Created, Api.Complaints);
        Assert.Equal(HttpStatusCode.OK, (await Api.SendAsync("PUT", "/api/models/chat-1", Entry, "application/json")).StatusCode);
        JsonElement models = await DocumentAsync(await Api.SendAsync("GET", "/v1/models"), HttpStatusCode.OK);
        Assert.Equal(("list", "chat-1", "model", "diffusionbatch"),
            (models.GetProperty("object").GetString(), models.GetProperty("data")[0].GetProperty("id").GetString(),
                models.GetProperty("data")[0].GetProperty("object").GetString(), models.GetProperty("data")[0].GetProperty("owned_by")
                    .GetString()));
        Assert.Equal("chat-1", (await DocumentAsync(await Api.SendAsync("GET", "/v1/models/chat-1"), HttpStatusCode.OK)).GetProperty("id")
            .GetString());
        Assert.Equal("Q: {content}\n",
            (await DocumentAsync(await Api.SendAsync("GET", "/api/models/chat-1"), HttpStatusCode.OK)).GetProperty("template")
                .GetProperty("user").GetString());
        var refused =
            await ApiHost.ProblemAsync(await Api.SendAsync("PUT", "/api/models/x", """{"folder":"models/none"}""", "application/json"),
                HttpStatusCode.BadRequest, "bad-manifest");
        Assert.Equal("/folder", Assert.Single(refused.Errors!).Pointer);
        await ApiHost.ProblemAsync(await Api.SendAsync("PUT", "/api/models/x", """{"dir":"models/chat"}""", "application/json"),
            HttpStatusCode.BadRequest, "bad-parameter");
        Assert.Equal(HttpStatusCode.NoContent, (await Api.SendAsync("DELETE", "/api/models/chat-1")).StatusCode);
        await ApiHost.ProblemAsync(await Api.SendAsync("DELETE", "/api/models/chat-1"), HttpStatusCode.NotFound, "unknown-model");
    }

    [Theory]
    [InlineData("example.com", null, 401)]
    [InlineData("localhost", "http://evil.example", 401)]
    [InlineData("localhost", "http://localhost:3000", 200)]
    public async Task Without_keys_programs_of_this_machine_alone_are_let_in(string host, string? origin, int status)
    {
        using HttpResponseMessage answer =
            await Api.SendAsync("GET", "/v1/models", null, null, [("Host", host), .. origin is null ? [] : new[] { ("Origin", origin) }]);
        Assert.Equal(status, (int)answer.StatusCode);
    }
}
