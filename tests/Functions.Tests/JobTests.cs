using System.Net;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Functions.Tests;

[Collection(SharedApiTests.Name)]
public sealed class JobTests(SharedApi shared)
{
    ApiHost Api => shared.Api;

    async Task<JobView> SubmittedAsync(string manifest, string query = "") =>
        await ApiHost.JobAsync(await Api.SubmitAsync(manifest, query), HttpStatusCode.Accepted);

    Task<JobView> SubmittedAsync() => SubmittedAsync(SharedApi.Sample(ApiHost.NewName()));

    [Fact]
    public async Task A_manifest_is_accepted_with_its_location_priority_and_expiry()
    {
        string name = ApiHost.NewName();
        using var answer = await Api.SubmitAsync(SharedApi.Sample(name), "?priority=high&expiresIn=PT6H");
        JobView job = await ApiHost.JobAsync(answer, HttpStatusCode.Accepted);
        Assert.Equal((JobState.Queued, JobKind.Sample, JobPriority.High, $"results/{name}", $"/api/jobs/{job.Id}"),
            (job.State, job.Kind, job.Priority, job.Output, answer.Headers.Location?.ToString()));
        Assert.Equal(6, (job.ExpiresAt!.Value - job.CreatedAt).TotalHours, 2);
        Assert.Contains("\"state\":\"queued\"", await (await Api.SendAsync("GET", $"/api/jobs/{job.Id}")).Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task YAML_is_taken_by_its_content_type()
    {
        string name = ApiHost.NewName();
        using var answer = await Api.SendAsync("POST", "/api/jobs",
            $"kind: sample\nname: {name}\nmodel: {{ from: models/m }}\ninput: data/in.jsonl\nsampler: {{ length: {{ source: fixed, "
                + $"value: 4 }} }}\noutput: results/{name}\n", "application/yaml; charset=utf-8");
        Assert.Equal(name, (await ApiHost.JobAsync(answer, HttpStatusCode.Accepted)).Name);
    }

    [Fact]
    public async Task A_bad_manifest_is_400_with_every_problem_and_nothing_is_stored()
    {
        string before = await shared.StateAsync();
        const string Bad = "{\n  \"kind\": \"sample\", \"name\": \"../x\",\n  \"model\": {\"from\": \"models/none\"}, \"input\": "
            + "\"../../etc/passwd\", \"output\": \"results/x\", \"sampler\": {\"stepz\": 3}\n}";
        foreach (string path in new[] { "/api/jobs", "/api/jobs/validate", "/api/jobs/estimate" })
        {
            ApiProblem problem = await ApiHost.ProblemAsync(await Api.SendAsync("POST", path, Bad, "application/json"),
                HttpStatusCode.BadRequest, "bad-manifest");
            Assert.Equal(["/input", "/model/from", "/name", "/sampler/stepz"], problem.Errors!.Select(e => e.Pointer!).Order());
            Assert.All(problem.Errors!, e =>
                Assert.True(e is { File: "manifest", Line: 2 or 3, Column: > 0, Message.Length: > 10 }, e.ToString()));
        }
        Assert.Equal(before, await shared.StateAsync());
        await ApiHost.ProblemAsync(await Api.SubmitAsync("{\"kind\": "), HttpStatusCode.BadRequest, "bad-manifest");
        await ApiHost.ProblemAsync(await Api.SubmitAsync(""), HttpStatusCode.BadRequest, "bad-manifest");
        await ApiHost.ProblemAsync(await Api.SubmitAsync(SharedApi.Sample("x", ".dbatch/x")), HttpStatusCode.BadRequest, "bad-manifest");
        Assert.Equal(before, await shared.StateAsync());
    }

    [Fact]
    public async Task Validating_and_estimating_store_nothing()
    {
        string before = await shared.StateAsync();
        string name = ApiHost.NewName();
        using var valid = await Api.SendAsync("POST", "/api/jobs/validate", SharedApi.Sample(name), "application/json");
        Assert.Equal("""{"valid":true}""", await valid.Content.ReadAsStringAsync());
        using var estimate = await Api.SendAsync("POST", "/api/jobs/estimate", SharedApi.Sample(name), "application/json");
        EstimatesView told = JsonSerializer.Deserialize(await estimate.Content.ReadAsStringAsync(), ApiJson.Default.EstimatesView)!;
        EstimateView job = Assert.Single(told.Jobs);
        Assert.Equal((name, "sample"), (job.Name, job.Kind));
        Assert.NotEmpty(job.Basis);
        Assert.Equal(before, await shared.StateAsync());
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Another_content_type_is_415(string? type)
    {
        string before = await shared.StateAsync();
        foreach (string path in new[] { "/api/jobs", "/api/jobs/validate", "/api/jobs/estimate" })
            await ApiHost.ProblemAsync(await Api.SendAsync("POST", path, SharedApi.Sample(ApiHost.NewName()), type),
                HttpStatusCode.UnsupportedMediaType, "media-type");
        Assert.Equal(before, await shared.StateAsync());
    }

    [Fact]
    public async Task A_manifest_over_4_MiB_is_413_with_the_limit()
    {
        string before = await shared.StateAsync();
        foreach (string path in new[] { "/api/jobs", "/api/jobs/validate", "/api/jobs/estimate" })
            Assert.Contains("4194304 bytes",
                (await ApiHost.ProblemAsync(await Api.SendAsync("POST", path, new string(' ', 4_194_305), "application/json"),
                    HttpStatusCode.RequestEntityTooLarge, "too-large")).Detail, StringComparison.Ordinal);
        Assert.Equal(before, await shared.StateAsync());
    }

    [Theory]
    [InlineData("?priority=urgent")]
    [InlineData("?expiresIn=6h")]
    [InlineData("?expiresIn=-PT1H")]
    [InlineData("?expiresIn=P99999999999D")]
    public async Task A_bad_option_is_400(string query)
    {
        string before = await shared.StateAsync();
        await ApiHost.ProblemAsync(await Api.SubmitAsync(SharedApi.Sample(ApiHost.NewName()), query), HttpStatusCode.BadRequest,
            "bad-parameter");
        await ApiHost.ProblemAsync(await Api.SubmitAsync(SharedApi.Sample(ApiHost.NewName()), key: new string('k', 256)),
            HttpStatusCode.BadRequest, "bad-parameter");
        Assert.Equal(before, await shared.StateAsync());
    }

    [Fact]
    public async Task One_key_is_one_job_and_another_body_is_a_conflict()
    {
        string name = ApiHost.NewName(), manifest = SharedApi.Sample(name);
        JobView first = await ApiHost.JobAsync(await Api.SubmitAsync(manifest, "?expiresIn=PT1H", name), HttpStatusCode.Accepted);
        JobView again = await ApiHost.JobAsync(await Api.SubmitAsync(manifest, "?expiresIn=PT1H", name), HttpStatusCode.OK);
        Assert.Equal(first.Id, again.Id);
        Assert.Contains(first.Id,
            (await ApiHost.ProblemAsync(await Api.SubmitAsync(SharedApi.Sample("other"), "?expiresIn=PT1H", name), HttpStatusCode.Conflict,
                "key-reused")).Detail, StringComparison.Ordinal);
        await ApiHost.ProblemAsync(await Api.SubmitAsync(manifest, "?expiresIn=PT1H&priority=low", name), HttpStatusCode.Conflict,
            "key-reused");
        Assert.Single(
            (await Api.Index.Jobs.ListAsync(new JobFilter { Name = name }, null, 10, TestContext.Current.CancellationToken)).Jobs);
    }

    [Fact]
    public async Task Lists_filter_and_page()
    {
        string[] names = [.. Enumerable.Range(0, 5).Select(_ => ApiHost.NewName())], ids = new string[5];
        for (int i = 0; i < ids.Length; i++) ids[i] = (await SubmittedAsync(SharedApi.Sample(names[i]))).Id;
        await Api.SendAsync("DELETE", $"/api/jobs/{ids[1]}");
        async Task<JobListView> List(string query) =>
            JsonSerializer.Deserialize(await (await Api.SendAsync("GET", "/api/jobs" + query)).Content.ReadAsStringAsync(),
                ApiJson.Default.JobListView)!;
        Assert.Equal(ids.Reverse(), (await List("?limit=5")).Jobs.Select(j => j.Id));
        Assert.Equal([ids[3]], (await List($"?name={names[3]}&kind=sample&state=queued,running")).Jobs.Select(j => j.Id));
        Assert.Equal([ids[1]], (await List($"?name={names[1]}&state=cancelled")).Jobs.Select(j => j.Id));
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
        Assert.Equal(ids.Reverse(), seen.Take(5));
        Assert.Equal(seen.Distinct(), seen);
        foreach (string query in new[] { "?state=done", "?kind=train", "?limit=501", "?limit=x", "?cursor=zzz", "?children=yes" })
            await ApiHost.ProblemAsync(await Api.SendAsync("GET", "/api/jobs" + query), HttpStatusCode.BadRequest, "bad-parameter");
    }

    [Fact]
    public async Task A_pipeline_is_shown_with_its_jobs_and_cancelled_with_them()
    {
        await Api.WriteAsync("data/refs.jsonl", """{"id":"0","target":"a"}""");
        string sample = ApiHost.NewName(), scores = ApiHost.NewName();
        string evaluate =
            $$"""{"kind":"evaluate","name":"{{scores}}","predictions":"results/{{sample}}","references":"data/refs.jsonl","metrics":["bleu"],"output":"reports/{{scores}}"}""";
        JobView pipeline = await SubmittedAsync(
            $$"""{"kind":"pipeline","name":"{{ApiHost.NewName()}}","jobs":[{{SharedApi.Sample(sample)}},{{evaluate}}]}""");
        Assert.Equal([(sample, JobState.Queued), (scores, JobState.Blocked)], pipeline.Jobs!.Select(j => (j.Name, j.State)));
        Assert.Equal([pipeline.Jobs![0].Id], (await Api.GetAsync(pipeline.Jobs[1].Id)).Needs);
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", $"/api/jobs/{pipeline.Id}/results"), HttpStatusCode.Conflict, "no-results");
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", $"/api/jobs/{pipeline.Jobs[1].Id}/results"), HttpStatusCode.Conflict,
            "no-results");
        JobView cancelled = await ApiHost.JobAsync(await Api.SendAsync("DELETE", $"/api/jobs/{pipeline.Id}"), HttpStatusCode.OK);
        Assert.All(cancelled.Jobs!.Append(cancelled), j => Assert.Equal(JobState.Cancelled, j.State));
        Assert.Equal(HttpStatusCode.OK, (await Api.SendAsync("DELETE", $"/api/jobs/{pipeline.Id}")).StatusCode);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/events")]
    [InlineData("GET", "/results")]
    public async Task An_unknown_job_is_404(string method, string path)
    {
        foreach (string id in new[] { "job_none", "..%2f..%2fx", "%27%20or%201=1" })
            await ApiHost.ProblemAsync(await Api.SendAsync(method, $"/api/jobs/{id}{path}"), HttpStatusCode.NotFound, "unknown-job");
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", "/api/poison?job=job_none"), HttpStatusCode.NotFound, "unknown-job");
    }

    [Theory]
    [InlineData("PUT", "/api/jobs", "GET, HEAD, OPTIONS, POST")]
    [InlineData("POST", "/api/jobs/job_1", "DELETE, GET, HEAD, OPTIONS")]
    [InlineData("GET", "/api/jobs/job_1/events/x", null)]
    [InlineData("POST", "/api/jobs/job_1/results", "GET, HEAD, OPTIONS")]
    [InlineData("PATCH", "/api/files/a", "DELETE, GET, HEAD, OPTIONS, PUT")]
    [InlineData("PATCH", "/api/poison/1", "DELETE, OPTIONS")]
    [InlineData("GET", "/api/poison/1/requeue", "OPTIONS, POST")]
    [InlineData("POST", "/api/sweeps", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "/api/openapi.json", "GET, HEAD, OPTIONS")]
    public async Task A_wrong_method_is_405_with_what_is_allowed(string method, string path, string? allowed)
    {
        using var answer = await Api.SendAsync(method, path);
        Assert.Equal((allowed is null ? HttpStatusCode.NotFound : HttpStatusCode.MethodNotAllowed, "application/problem+json"),
            (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        if (allowed is not null) Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order()));
    }

    [Fact]
    public async Task An_input_with_problems_fails_the_job_which_tells_them()
    {
        string name = ApiHost.NewName(), input = $"data/{name}.jsonl";
        await Api.WriteAsync(input, "{\"id\":\"a\",\"source\":\"x\"}\n{\"id\":\"a\",\"source\":\"y\"}\nnonsense\n");
        JobView job = await SubmittedAsync(SharedApi.Sample(name, input: input));
        await Api.PlanAsync(job.Id);
        job = await Api.GetAsync(job.Id);
        Assert.Equal((JobState.Failed, 2), (job.State, job.Problems?.Count));
        Assert.Equal([(input, 2), (input, 3)], job.Problems!.Select(p => (p.File, p.Line!.Value)));
        await ApiHost.ProblemAsync(await Api.SendAsync("DELETE", $"/api/jobs/{job.Id}"), HttpStatusCode.Conflict, "ended");
    }

    [Fact]
    public async Task An_unchanged_job_is_304()
    {
        JobView job = await SubmittedAsync();
        using var first = await Api.SendAsync("GET", $"/api/jobs/{job.Id}");
        Assert.Equal(HttpStatusCode.NotModified,
            (await Api.SendAsync("GET", $"/api/jobs/{job.Id}", null, null, ("If-None-Match", first.Headers.ETag!.Tag))).StatusCode);
        await Api.SendAsync("DELETE", $"/api/jobs/{job.Id}");
        Assert.Equal(HttpStatusCode.OK,
            (await Api.SendAsync("GET", $"/api/jobs/{job.Id}", null, null, ("If-None-Match", first.Headers.ETag.Tag))).StatusCode);
    }
}
