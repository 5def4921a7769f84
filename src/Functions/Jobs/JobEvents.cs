using System.Buffers;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>Jobs' progress as server-sent events.</summary>
public sealed partial class JobEvents(JobViews views, TimeProvider time, IHostApplicationLifetime app, ILogger<JobEvents> logger)
{
    /// <summary>
    /// A stream ends after this long and its reader comes back: shorter than functionTimeout in host.json, at which the host
    /// ends the whole process.
    /// </summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(25);

    /// <summary>The most jobs of one stream.</summary>
    internal const int MostWatched = 100;

    /// <summary>How often the index is looked at: for one job, and for a list of them.</summary>
    static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500), s_lookAtAll = TimeSpan.FromSeconds(1);

    /// <summary>A comment after this long without an event, so that proxies don't take the connection for dead.</summary>
    static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(15);

    /// <summary>
    /// <c>GET /api/jobs/{id}/events</c>: an event <c>progress</c> with the job as it stands at first and after each
    /// change, an event <c>end</c> with its last state, then the stream ends. 204, which tells clients not to come
    /// back, where <c>Last-Event-ID</c> is that end's.
    /// </summary>
    [Function("JobEvents")]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/jobs/{id}/events")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        JobView first = await views.RequireAsync(id, cancellationToken);
        string seen = request.Headers["Last-Event-ID"].ToString();
        if (first.State.IsFinal() && seen == JobSnapshot.IdOf(first)) return Results.NoContent();
        return Answer(request, new Dictionary<string, string>(StringComparer.Ordinal) { [id] = seen }, s_look, cancellationToken);
    }

    /// <summary>
    /// <c>GET /api/events?jobs=</c>: the same of several jobs in one stream, which ends with the last of them: a list that is looked at
    /// needs one connection. Each comes at first as it stands; ids that no job has (any longer) are passed over.
    /// </summary>
    [Function("Events")]
    public IResult RunAll(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/events")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string[] jobs = (Query.Text(request, "jobs") ?? "").Split(',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (jobs.Length is 0 or > MostWatched)
            throw Refuse.BadParameter("jobs", $"jobs has {jobs.Length} ids; it has 1 to {MostWatched}, separated by commas.");
        return Answer(request, jobs.Distinct(StringComparer.Ordinal).ToDictionary(id => id, _ => "", StringComparer.Ordinal), s_lookAtAll,
            cancellationToken);
    }

    IResult Answer(HttpRequest request, Dictionary<string, string> watched, TimeSpan look, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        request.HttpContext.Response.Headers["X-Accel-Buffering"] = "no";
        return Hosting.Answer.Stream(
            request, "text/event-stream", (body, token) => WriteAsync(body, watched, look, token), cancellationToken);
    }

    async Task WriteAsync(Stream body, Dictionary<string, string> watched, TimeSpan look, CancellationToken reading)
    {
        using var longest = new CancellationTokenSource(Longest, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(reading, app.ApplicationStopping, longest.Token);
        try
        {
            // A client that lost the connection comes back after this many milliseconds. Not part of an event, so that the formatter has no
            // words for it.
            await SendAsync(body, "retry: 2000\n\n", any.Token);
            await SseFormatter.WriteAsync(EventsAsync(body, watched, look, any.Token), body, WriteData, any.Token);
        }
        catch (OperationCanceledException) when (any.IsCancellationRequested)
        {
            // The reader is gone; or the app stops or the time is up, and the reader comes back.
            LogBeforeItsEnd(string.Join(", ", watched.Keys));
        }
    }

    /// <param name="body">Where comments go.</param>
    /// <param name="watched">The jobs, each with the id of what its reader has seen of it; those that end, or are removed, leave
    /// it.</param>
    /// <param name="look">How often the index is looked at.</param>
    /// <param name="cancellationToken">Stops it.</param>
    async IAsyncEnumerable<SseItem<JobView>> EventsAsync(
        Stream body, Dictionary<string, string> watched, TimeSpan look, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long last = time.GetTimestamp(); ; await Task.Delay(look, time, cancellationToken))
        {
            foreach (string id in watched.Keys.ToArray())
            {
                JobView? job = await views.FindAsync(id, cancellationToken);
                string snapshot = job is null ? "" : JobSnapshot.IdOf(job);
                bool ended = job is null || job.State.IsFinal();
                if (job is not null && (ended || snapshot != watched[id]))
                {
                    yield return new SseItem<JobView>(job, ended ? "end" : "progress") { EventId = snapshot };
                    last = time.GetTimestamp();
                }
                if (ended) watched.Remove(id);
                else watched[id] = snapshot;
            }
            if (watched.Count == 0) yield break;
            if (time.GetElapsedTime(last) < s_quiet) continue;
            // The formatter waits for the next event meanwhile, so that this comes between two; it has no comments of its own.
            await SendAsync(body, ": still there\n\n", cancellationToken);
            last = time.GetTimestamp();
        }
    }

    static void WriteData(SseItem<JobView> item, IBufferWriter<byte> to)
    {
        using var json = new Utf8JsonWriter(to);
        JsonSerializer.Serialize(json, item.Data, ApiJson.Default.JobView);
    }

    static async Task SendAsync(Stream body, string text, CancellationToken cancellationToken)
    {
        await body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await body.FlushAsync(cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Debug, "The events of {Job} end before it")]
    partial void LogBeforeItsEnd(string job);
}

/// <summary>
/// Identifies what a job's view says, so that news shows: by its states and counts, not by rates and times, which change by themselves.
/// </summary>
internal static class JobSnapshot
{
    /// <summary>The view's id, for <c>Last-Event-ID</c>: 24 hexadecimal digits.</summary>
    public static string IdOf(JobView job)
    {
        var text = new StringBuilder();
        Append(text, job);
        return Hosting.EntityTag.Digest(Encoding.UTF8.GetBytes(text.ToString()));
    }

    static void Append(StringBuilder text, JobView job)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"{job.Id} {job.State} {job.Items} {job.Progress?.Done} {job.Progress?.Total} {job.Progress?.Phase} {job.Error}");
        foreach (var (state, count) in (job.Tasks ?? new Dictionary<TaskState, long>()).OrderBy(t => t.Key))
            text.Append(CultureInfo.InvariantCulture, $" {state} {count}");
        text.Append('\n');
        foreach (JobView child in job.Jobs ?? []) Append(text, child);
    }
}
