using System.Net;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Functions.Tests;

[Collection(SharedApiTests.Name)]
public sealed class ScheduleTests(SharedApi shared)
{
    ApiHost Api => shared.Api;

    static string Body(string name, string cron = "0 3 * * *", string more = "") =>
        $$"""{ "name": "{{name}}", "cron": "{{cron}}", "timeZone": "Europe/Berlin", "overlap": "queue", "missed": "last",{{more}} "manifest": {{SharedApi.Sample(name + "-{run}", "results/" + name + "-{run}")}} }""";

    Task<HttpResponseMessage> SendAsync(string method, string path, string? body = null) =>
        Api.SendAsync(method, "/api/schedules" + path, body, body is null ? null : "application/json");

    static async Task<T> ReadAsync<T>(HttpResponseMessage answer, HttpStatusCode status)
    {
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize(text, ApiJson.Of<T>())!;
    }

    [Fact]
    public async Task A_schedule_is_made_shown_changed_paused_and_removed()
    {
        string name = ApiHost.NewName();
        using var answer = await SendAsync("POST", "", Body(name));
        ScheduleView made = await ReadAsync<ScheduleView>(answer, HttpStatusCode.Created);
        Assert.Equal(($"/api/schedules/{name}", 5, ScheduleOverlap.Queue, ScheduleMissed.Last, false),
            (answer.Headers.Location?.ToString(), made.Next.Count, made.Overlap, made.Missed, made.Paused));
        TimeZoneInfo berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Assert.All(made.Next, t => Assert.Equal(new TimeSpan(3, 0, 0), TimeZoneInfo.ConvertTime(t, berlin).TimeOfDay));
        Assert.Equal(name + "-{run}", made.Manifest!.Value.GetProperty("name").GetString());

        await ApiHost.ProblemAsync(await SendAsync("POST", "", Body(name)), HttpStatusCode.Conflict, "schedule-exists");
        Assert.Contains(name,
            (await ReadAsync<ScheduleListView>(await SendAsync("GET", ""), HttpStatusCode.OK)).Schedules.Select(s => s.Name));
        Assert.Equal("*/5 * * * *",
            (await ReadAsync<ScheduleView>(await SendAsync("PUT", $"/{name}", Body(name, "*/5 * * * *")), HttpStatusCode.OK)).Cron);
        Assert.Equal(12,
            (await ReadAsync<ScheduleTimesView>(await SendAsync("GET", $"/{name}/next?count=12"), HttpStatusCode.OK)).Next.Count);
        Assert.True((await ReadAsync<ScheduleView>(await SendAsync("POST", $"/{name}/pause"), HttpStatusCode.OK)).Paused);
        Assert.False((await ReadAsync<ScheduleView>(await SendAsync("POST", $"/{name}/resume"), HttpStatusCode.OK)).Paused);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync("DELETE", $"/{name}")).StatusCode);
        await ApiHost.ProblemAsync(await SendAsync("GET", $"/{name}"), HttpStatusCode.NotFound, "unknown-schedule");
        Assert.Equal(HttpStatusCode.Created, (await SendAsync("PUT", $"/{name}", Body(name))).StatusCode);
    }

    [Fact]
    public async Task A_run_is_asked_for_and_listed_by_its_schedule()
    {
        string name = ApiHost.NewName();
        await SendAsync("POST", "", Body(name, more: "\"paused\": true,"));
        using var answer = await SendAsync("POST", $"/{name}/run");
        JobView run = await ApiHost.JobAsync(answer, HttpStatusCode.Accepted);
        Assert.Equal((name, $"{name}-1", $"/api/jobs/{run.Id}"), (run.Schedule, run.Name, answer.Headers.Location?.ToString()));
        JobListView listed = await ReadAsync<JobListView>(await Api.SendAsync("GET", $"/api/jobs?schedule={name}"), HttpStatusCode.OK);
        Assert.Equal((run.Id, run.ScheduledFor), (Assert.Single(listed.Jobs).Id, listed.Jobs[0].ScheduledFor));
        ScheduleView shown = await ReadAsync<ScheduleView>(await SendAsync("GET", $"/{name}"), HttpStatusCode.OK);
        Assert.Equal((1L, TickOutcome.Submitted, run.Id), (shown.Runs, Assert.Single(shown.Recent!).Outcome, shown.Recent![0].Job));
    }

    [Fact]
    public async Task What_is_wrong_is_told_with_its_place_and_nothing_is_stored()
    {
        string state = await shared.StateAsync();
        ApiProblem problem =
            await ApiHost.ProblemAsync(await SendAsync("POST", "", "{ \"name\": \"bad\", \"cron\": \"* * *\",\n  \"manifest\": { "
                + "\"kind\": \"sample\", \"nam\": \"x\" } }"), HttpStatusCode.BadRequest, "bad-schedule");
        Assert.Contains(problem.Errors!, e => e is { Pointer: "/cron", Line: 1 });
        Assert.Contains(problem.Errors!, e => e is { Pointer: "/manifest/nam", Line: 2 });
        await ApiHost.ProblemAsync(await SendAsync("POST", "", "nonsense"), HttpStatusCode.BadRequest, "bad-schedule");
        await ApiHost.ProblemAsync(await Api.SendAsync("POST", "/api/schedules", "x", "text/plain"), HttpStatusCode.UnsupportedMediaType,
            "media-type");
        foreach (var (method, path) in new[] { ("GET", "/none"), ("DELETE", "/none"), ("POST", "/none/run"), ("POST", "/none/pause"),
            ("POST", "/none/resume"), ("GET", "/none/next") })
            await ApiHost.ProblemAsync(await SendAsync(method, path), HttpStatusCode.NotFound, "unknown-schedule");
        Assert.Equal(state, await shared.StateAsync());
        Assert.DoesNotContain("bad",
            (await ReadAsync<ScheduleListView>(await SendAsync("GET", ""), HttpStatusCode.OK)).Schedules.Select(s => s.Name));
    }
}
