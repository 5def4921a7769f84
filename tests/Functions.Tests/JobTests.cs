using System.Net;
using System.Text.Json;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Jobs;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Functions.Tests;

public sealed class JobTests
{
    /// <summary>A root with an input of three lines and something that looks like a model.</summary>
    static async Task<ApiHost> StartAsync(params (string, string)[] settings)
    {
        ApiHost api = await ApiHost.StartAsync(null, settings);
        await api.WriteAsync("data/in.jsonl", string.Concat(Enumerable.Range(0, 3).Select(i => $$"""{"id":"{{i}}","source":"text {{i}}"}""" + "\n")));
        await api.WriteAsync("models/m/config.json", """{"model_type":"xlm-roberta"}""");
        await api.WriteAsync("models/m/tokenizer.json", "{}");
        return api;
    }

    static string Sample(string name = "t", string more = "") =>
        $$"""{"kind":"sample","name":"{{name}}","model":{"from":"models/m"},"input":"data/in.jsonl","sampler":{"steps":[1,2],"length":{"source":"fixed","value":4} },"shardSize":2,{{more}}"output":"results/{{name}}"}""";

    static async Task<JobView> SubmittedAsync(ApiHost api, string manifest, string query = "") => await ApiHost.JobAsync(await api.SubmitAsync(manifest, query), HttpStatusCode.Accepted);

    static async Task NothingStoredAsync(ApiHost api) => Assert.Empty((await api.Index.ListAsync(new JobFilter { Children = true }, null, 10, TestContext.Current.CancellationToken)).Jobs);

    [Fact]
    public async Task A_manifest_is_accepted_with_its_location_priority_and_expiry()
    {
        await using ApiHost api = await StartAsync();
        using var answer = await api.SubmitAsync(Sample(), "?priority=high&expiresIn=PT6H");
        JobView job = await ApiHost.JobAsync(answer, HttpStatusCode.Accepted);
        Assert.Equal((JobState.Queued, JobKind.Sample, JobPriority.High, "results/t", $"/api/jobs/{job.Id}"), (job.State, job.Kind, job.Priority, job.Output, answer.Headers.Location?.ToString()));
        Assert.Equal(6, (job.ExpiresAt!.Value - job.CreatedAt).TotalHours, 2);
        Assert.Contains("\"state\":\"queued\"", await (await api.SendAsync("GET", $"/api/jobs/{job.Id}")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task YAML_is_taken_by_its_content_type()
    {
        await using ApiHost api = await StartAsync();
        using var answer = await api.SendAsync("POST", "/api/jobs", "kind: sample\nname: y\nmodel: { from: models/m }\ninput: data/in.jsonl\nsampler: { length: { source: fixed, value: 4 } }\noutput: results/y\n", "application/yaml; charset=utf-8");
        Assert.Equal("y", (await ApiHost.JobAsync(answer, HttpStatusCode.Accepted)).Name);
    }

    [Fact]
    public async Task A_bad_manifest_is_400_with_every_problem_and_nothing_is_stored()
    {
        await using ApiHost api = await StartAsync();
        const string Bad = "{\n  \"kind\": \"sample\", \"name\": \"../x\",\n  \"model\": {\"from\": \"models/none\"}, \"input\": \"../../etc/passwd\", \"output\": \"results/x\", \"sampler\": {\"stepz\": 3}\n}";
        foreach (string path in new[] { "/api/jobs", "/api/jobs/validate", "/api/jobs/estimate" })
        {
            ApiProblem problem = await ApiHost.ProblemAsync(await api.SendAsync("POST", path, Bad, "application/json"), HttpStatusCode.BadRequest, "bad-manifest");
            Assert.Equal(["/input", "/model/from", "/name", "/sampler/stepz"], problem.Errors!.Select(e => e.Pointer!).Order());
            Assert.All(problem.Errors!, e => Assert.True(e is { File: "manifest", Line: 2 or 3, Column: > 0, Message.Length: > 10 }, e.ToString()));
        }
        await NothingStoredAsync(api);
        await ApiHost.ProblemAsync(await api.SubmitAsync("{\"kind\": "), HttpStatusCode.BadRequest, "bad-manifest");
        await ApiHost.ProblemAsync(await api.SubmitAsync(""), HttpStatusCode.BadRequest, "bad-manifest");
        await ApiHost.ProblemAsync(await api.SubmitAsync(Sample().Replace("results/t", ".dbatch/x", StringComparison.Ordinal)), HttpStatusCode.BadRequest, "bad-manifest");
        await NothingStoredAsync(api);
    }

    [Fact]
    public async Task Validating_and_estimating_store_nothing()
    {
        await using ApiHost api = await StartAsync();
        using var valid = await api.SendAsync("POST", "/api/jobs/validate", Sample(), "application/json");
        Assert.Equal("""{"valid":true}""", await valid.Content.ReadAsStringAsync());
        using var estimate = await api.SendAsync("POST", "/api/jobs/estimate", Sample(), "application/json");
        EstimatesView told = JsonSerializer.Deserialize(await estimate.Content.ReadAsStringAsync(), ApiJson.Default.EstimatesView)!;
        EstimateView job = Assert.Single(told.Jobs);
        Assert.Equal(("t", "sample"), (job.Name, job.Kind));
        Assert.NotEmpty(job.Basis);
        await NothingStoredAsync(api);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Another_content_type_is_415(string? type)
    {
        await using ApiHost api = await StartAsync();
        foreach (string path in new[] { "/api/jobs", "/api/jobs/validate", "/api/jobs/estimate" })
            await ApiHost.ProblemAsync(await api.SendAsync("POST", path, Sample(), type), HttpStatusCode.UnsupportedMediaType, "media-type");
        await NothingStoredAsync(api);
    }

    [Fact]
    public async Task A_manifest_over_4_MiB_is_413_with_the_limit()
    {
        await using ApiHost api = await StartAsync();
        foreach (string path in new[] { "/api/jobs", "/api/jobs/validate", "/api/jobs/estimate" })
            Assert.Contains("4194304 bytes", (await ApiHost.ProblemAsync(await api.SendAsync("POST", path, new string(' ', 4_194_305), "application/json"), HttpStatusCode.RequestEntityTooLarge, "too-large")).Detail, StringComparison.Ordinal);
        await NothingStoredAsync(api);
    }

    [Theory]
    [InlineData("?priority=urgent")]
    [InlineData("?expiresIn=6h")]
    [InlineData("?expiresIn=-PT1H")]
    [InlineData("?expiresIn=P99999999999D")]
    public async Task A_bad_option_is_400(string query)
    {
        await using ApiHost api = await StartAsync();
        await ApiHost.ProblemAsync(await api.SubmitAsync(Sample(), query), HttpStatusCode.BadRequest, "bad-parameter");
        await ApiHost.ProblemAsync(await api.SubmitAsync(Sample(), key: new string('k', 256)), HttpStatusCode.BadRequest, "bad-parameter");
        await NothingStoredAsync(api);
    }

    [Fact]
    public async Task One_key_is_one_job_and_another_body_is_a_conflict()
    {
        await using ApiHost api = await StartAsync();
        JobView first = await ApiHost.JobAsync(await api.SubmitAsync(Sample(), "?expiresIn=PT1H", "k1"), HttpStatusCode.Accepted);
        JobView again = await ApiHost.JobAsync(await api.SubmitAsync(Sample(), "?expiresIn=PT1H", "k1"), HttpStatusCode.OK);
        Assert.Equal(first.Id, again.Id);
        Assert.Contains(first.Id, (await ApiHost.ProblemAsync(await api.SubmitAsync(Sample("other"), "?expiresIn=PT1H", "k1"), HttpStatusCode.Conflict, "key-reused")).Detail, StringComparison.Ordinal);
        await ApiHost.ProblemAsync(await api.SubmitAsync(Sample(), "?expiresIn=PT1H&priority=low", "k1"), HttpStatusCode.Conflict, "key-reused");
        Assert.Single((await api.Index.ListAsync(new JobFilter(), null, 10, TestContext.Current.CancellationToken)).Jobs);
    }

    [Fact]
    public async Task Lists_filter_and_page()
    {
        await using ApiHost api = await StartAsync();
        string[] ids = new string[5];
        for (int i = 0; i < ids.Length; i++) ids[i] = (await SubmittedAsync(api, Sample(i == 3 ? "three" : "t" + i))).Id;
        await api.SendAsync("DELETE", $"/api/jobs/{ids[1]}");
        async Task<JobListView> List(string query) => JsonSerializer.Deserialize(await (await api.SendAsync("GET", "/api/jobs" + query)).Content.ReadAsStringAsync(), ApiJson.Default.JobListView)!;
        Assert.Equal(ids.Reverse(), (await List("")).Jobs.Select(j => j.Id));
        Assert.Equal([ids[3]], (await List("?name=three&kind=sample&state=queued,running")).Jobs.Select(j => j.Id));
        Assert.Equal([ids[1]], (await List("?state=cancelled")).Jobs.Select(j => j.Id));
        Assert.Empty((await List("?kind=finetune")).Jobs);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            JobListView page = await List("?limit=2" + (cursor is null ? "" : "&cursor=" + cursor));
            seen.AddRange(page.Jobs.Select(j => j.Id));
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(ids.Reverse(), seen);
        foreach (string query in new[] { "?state=done", "?kind=train", "?limit=501", "?limit=x", "?cursor=zzz", "?children=yes" })
            await ApiHost.ProblemAsync(await api.SendAsync("GET", "/api/jobs" + query), HttpStatusCode.BadRequest, "bad-parameter");
    }

    [Fact]
    public async Task A_pipeline_is_shown_with_its_jobs_and_cancelled_with_them()
    {
        await using ApiHost api = await StartAsync();
        await api.WriteAsync("data/refs.jsonl", """{"id":"0","target":"a"}""");
        string evaluate = """{"kind":"evaluate","name":"e","predictions":"results/t","references":"data/refs.jsonl","metrics":["bleu"],"output":"reports/e"}""";
        JobView pipeline = await SubmittedAsync(api, $$"""{"kind":"pipeline","name":"p","jobs":[{{Sample()}},{{evaluate}}]}""");
        Assert.Equal([("t", JobState.Queued), ("e", JobState.Blocked)], pipeline.Jobs!.Select(j => (j.Name, j.State)));
        Assert.Equal([pipeline.Jobs![0].Id], (await api.GetAsync(pipeline.Jobs[1].Id)).Needs);
        await ApiHost.ProblemAsync(await api.SendAsync("GET", $"/api/jobs/{pipeline.Id}/results"), HttpStatusCode.Conflict, "no-results");
        await ApiHost.ProblemAsync(await api.SendAsync("GET", $"/api/jobs/{pipeline.Jobs[1].Id}/results"), HttpStatusCode.Conflict, "no-results");
        JobView cancelled = await ApiHost.JobAsync(await api.SendAsync("DELETE", $"/api/jobs/{pipeline.Id}"), HttpStatusCode.OK);
        Assert.All(cancelled.Jobs!.Append(cancelled), j => Assert.Equal(JobState.Cancelled, j.State));
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync("DELETE", $"/api/jobs/{pipeline.Id}")).StatusCode);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/events")]
    [InlineData("GET", "/results")]
    public async Task An_unknown_job_is_404(string method, string path)
    {
        await using ApiHost api = await StartAsync();
        foreach (string id in new[] { "job_none", "..%2f..%2fx", "%27%20or%201=1" })
            await ApiHost.ProblemAsync(await api.SendAsync(method, $"/api/jobs/{id}{path}"), HttpStatusCode.NotFound, "unknown-job");
        await ApiHost.ProblemAsync(await api.SendAsync("GET", "/api/poison?job=job_none"), HttpStatusCode.NotFound, "unknown-job");
    }

    [Theory]
    [InlineData("PUT", "/api/jobs", "GET, POST")]
    [InlineData("POST", "/api/jobs/job_1", "DELETE, GET")]
    [InlineData("GET", "/api/jobs/job_1/events/x", null)]
    [InlineData("POST", "/api/jobs/job_1/results", "GET")]
    [InlineData("DELETE", "/api/files/a", "GET, PUT")]
    [InlineData("PATCH", "/api/poison/1", "DELETE")]
    [InlineData("GET", "/api/poison/1/requeue", "POST")]
    [InlineData("POST", "/api/sweeps", "GET")]
    [InlineData("POST", "/api/openapi.json", "GET")]
    public async Task A_wrong_method_is_405_with_what_is_allowed(string method, string path, string? allowed)
    {
        await using ApiHost api = await StartAsync();
        using var answer = await api.SendAsync(method, path);
        Assert.Equal((allowed is null ? HttpStatusCode.NotFound : HttpStatusCode.MethodNotAllowed, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        if (allowed is not null) Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order()));
    }

    [Fact]
    public async Task Keys_are_asked_for_by_all_but_the_probes_and_the_description()
    {
        await using ApiHost api = await StartAsync(("FunctionKeys:team", "s3cret"));
        foreach (string path in new[] { "/api/jobs", "/api/jobs/x", "/api/jobs/x/events", "/api/jobs/x/results", "/api/poison", "/api/sweeps", "/api/files", "/api/files/data/in.jsonl" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await api.SendAsync("GET", path, null, null, ("x-functions-key", "another"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.SubmitAsync(Sample())).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.SendAsync("PUT", "/api/files/x", "x")).StatusCode);
        await NothingStoredAsync(api);
        foreach (string path in new[] { "/api/health/live", "/api/health/ready", "/api/openapi.json" }) Assert.Equal(HttpStatusCode.OK, (await api.SendAsync("GET", path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync("GET", "/api/jobs", null, null, ("x-functions-key", "s3cret"))).StatusCode);
    }

    [Fact]
    public async Task An_input_with_problems_fails_the_job_which_tells_them()
    {
        await using ApiHost api = await StartAsync();
        await api.WriteAsync("data/in.jsonl", "{\"id\":\"a\",\"source\":\"x\"}\n{\"id\":\"a\",\"source\":\"y\"}\nnonsense\n");
        JobView job = await SubmittedAsync(api, Sample());
        await api.PumpAsync();
        job = await api.GetAsync(job.Id);
        Assert.Equal((JobState.Failed, 2), (job.State, job.Problems?.Count));
        Assert.Equal([("data/in.jsonl", 2), ("data/in.jsonl", 3)], job.Problems!.Select(p => (p.File, p.Line!.Value)));
        await ApiHost.ProblemAsync(await api.SendAsync("DELETE", $"/api/jobs/{job.Id}"), HttpStatusCode.Conflict, "ended");
    }

    [Fact]
    public async Task An_unchanged_job_is_304()
    {
        await using ApiHost api = await StartAsync();
        JobView job = await SubmittedAsync(api, Sample());
        using var first = await api.SendAsync("GET", $"/api/jobs/{job.Id}");
        Assert.Equal(HttpStatusCode.NotModified, (await api.SendAsync("GET", $"/api/jobs/{job.Id}", null, null, ("If-None-Match", first.Headers.ETag!.Tag))).StatusCode);
        await api.SendAsync("DELETE", $"/api/jobs/{job.Id}");
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync("GET", $"/api/jobs/{job.Id}", null, null, ("If-None-Match", first.Headers.ETag.Tag))).StatusCode);
    }
}
