using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Jobs;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Scheduling;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Schedules;

/// <summary>Schedules: making, showing, changing and removing them, and what they are told to do.</summary>
public sealed class ScheduleFunctions(TenantPipeline mine, JobViews jobs)
{
    const int Told = 5, MostTold = 1000, Recent = 20;

    readonly IScheduleIndex _index = mine.Index.Schedules;
    readonly ScheduleService _service = mine.Schedules;

    /// <summary><c>POST /api/schedules</c>: 201 with the next five times; 409 where the name is taken.</summary>
    [Function("CreateSchedule")]
    public Task<IResult> Create(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/schedules")] HttpRequest request,
        CancellationToken cancellationToken) =>
        SaveAsync(request, null, cancellationToken);

    /// <summary><c>PUT /api/schedules/{name}</c>: 201 where it is new, 200 where it takes another's place.</summary>
    [Function("ReplaceSchedule")]
    public Task<IResult> Replace(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/schedules/{name}")] HttpRequest request, string name,
        CancellationToken cancellationToken) => SaveAsync(request, name, cancellationToken);

    /// <summary><c>GET /api/schedules</c>.</summary>
    [Function("ListSchedules")]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/schedules")] HttpRequest request,
        CancellationToken cancellationToken) =>
        Answer.Json(new ScheduleListView([.. (await _index.ListAsync(cancellationToken)).Select(View)]));

    /// <summary><c>GET /api/schedules/{name}</c>: with its template and what became of its latest times.</summary>
    [Function("GetSchedule")]
    public async Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/schedules/{name}")] HttpRequest request, string name,
        CancellationToken cancellationToken) =>
        Answer.Json(await WholeAsync(await _index.GetAsync(name, cancellationToken), name, cancellationToken));

    /// <summary><c>DELETE /api/schedules/{name}</c>: 204; its jobs stay and go on.</summary>
    [Function("RemoveSchedule")]
    public async Task<IResult> Remove(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/schedules/{name}")] HttpRequest request, string name,
        CancellationToken cancellationToken) =>
        await _index.RemoveAsync(name, cancellationToken) ? Results.NoContent() : throw Refuse.UnknownSchedule(name);

    /// <summary><c>POST /api/schedules/{name}/pause</c>: it starts nothing until it is resumed.</summary>
    [Function("PauseSchedule")]
    public async Task<IResult> Pause(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/schedules/{name}/pause")] HttpRequest request, string name,
        CancellationToken cancellationToken) =>
        Answer.Json(await WholeAsync(await _service.PauseAsync(name, paused: true, cancellationToken), name, cancellationToken));

    /// <summary><c>POST /api/schedules/{name}/resume</c>: it goes on with the next time after now.</summary>
    [Function("ResumeSchedule")]
    public async Task<IResult> Resume(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/schedules/{name}/resume")] HttpRequest request, string name,
        CancellationToken cancellationToken) =>
        Answer.Json(await WholeAsync(await _service.PauseAsync(name, paused: false, cancellationToken), name, cancellationToken));

    /// <summary><c>POST /api/schedules/{name}/run</c>: starts a run now; 202 with its job.</summary>
    [Function("RunSchedule")]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/schedules/{name}/run")] HttpRequest request, string name,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            JobRow job = await _service.RunAsync(name, cancellationToken) ?? throw Refuse.UnknownSchedule(name);
            request.HttpContext.Response.Headers.Location = $"/api/jobs/{job.Id}";
            return Answer.Json(await jobs.RequireAsync(job.Id, cancellationToken), StatusCodes.Status202Accepted);
        }
        catch (ProblemsException e)
        {
            throw Refuse.BadManifest(e.Problems);
        }
    }

    /// <summary><c>GET /api/schedules/{name}/next?count=</c>: its next times.</summary>
    [Function("NextTimes")]
    public async Task<IResult> Next(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/schedules/{name}/next")] HttpRequest request, string name,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        int count = Query.Number(request, "count", 1, MostTold, Told);
        ScheduleRow row = await _index.GetAsync(name, cancellationToken) ?? throw Refuse.UnknownSchedule(name);
        return Answer.Json(new ScheduleTimesView(_service.Next(row, count)));
    }

    async Task<IResult> SaveAsync(HttpRequest request, string? name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var format = ManifestBody.FormatOf(request.ContentType);
        byte[] body = await BodyReader.ReadAsync(request, ManifestBody.MaxBytes, cancellationToken);
        ScheduleSave save = await _service.SaveAsync(new ScheduleRequest(body) { Format = format, Name = name }, cancellationToken);
        if (save.Status == SaveStatus.Refused) throw Refuse.BadSchedule(save.Problems);
        if (save.Status == SaveStatus.Taken)
            throw Refuse.Conflict(
                "schedule-exists", "There is a schedule of that name",
                "There is a schedule of that name already; PUT /api/schedules/{name} puts another in its place. Nothing was stored.");
        ScheduleView view = await WholeAsync(save.Row, name ?? "", cancellationToken);
        request.HttpContext.Response.Headers.Location = $"/api/schedules/{view.Name}";
        return Answer.Json(view, save.Status == SaveStatus.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    async Task<ScheduleView> WholeAsync(ScheduleRow? row, string name, CancellationToken cancellationToken)
    {
        if (row is null) throw Refuse.UnknownSchedule(name);
        using var template = JsonDocument.Parse(row.Manifest);
        return View(row) with
        {
            Manifest = template.RootElement.Clone(),
            Recent =
            [
                .. (await _index.TicksAsync(row.Name, Recent, cancellationToken))
                    .Select(t => new ScheduleTickView(t.ScheduledFor, t.Outcome) { Job = t.JobId, Reason = t.Reason }),
            ],
        };
    }

    ScheduleView View(ScheduleRow row) =>
        new(row.Name, row.Cron, row.TimeZone, row.Overlap, row.Missed, row.IsPaused, _service.Next(row, Told))
        {
            Runs = row.Runs,
            CreatedAt = row.CreatedAt,
            ChangedAt = row.ChangedAt,
        };
}
