using System.Buffers;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>A job's progress as server-sent events.</summary>
public sealed partial class JobEvents(JobViews views, TimeProvider time, IHostApplicationLifetime app, ILogger<JobEvents> logger)
{
    /// <summary>
    /// A stream ends after this long and its reader comes back: shorter than functionTimeout in host.json, at which the host
    /// ends the whole process.
    /// </summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(25);

    /// <summary>How often the index is looked at.</summary>
    static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

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
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        request.HttpContext.Response.Headers["X-Accel-Buffering"] = "no";
        return Answer.Stream(request, "text/event-stream", (body, token) => WriteAsync(body, first, seen, token), cancellationToken);
    }

    async Task WriteAsync(Stream body, JobView first, string seen, CancellationToken reading)
    {
        using var longest = new CancellationTokenSource(Longest, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(reading, app.ApplicationStopping, longest.Token);
        try
        {
            // A client that lost the connection comes back after this many milliseconds. Not part of an event, so that the formatter has no
            // words for it.
            await SendAsync(body, "retry: 2000\n\n", any.Token);
            await SseFormatter.WriteAsync(EventsAsync(body, first, seen, any.Token), body, WriteData, any.Token);
        }
        catch (OperationCanceledException) when (any.IsCancellationRequested)
        {
            // The reader is gone; or the app stops or the time is up, and the reader comes back.
            LogBeforeItsEnd(first.Id);
        }
        catch (Problems.ApiException)
        {
            // Retention has removed the job: nothing more will happen to it.
        }
    }

    async IAsyncEnumerable<SseItem<JobView>> EventsAsync(
        Stream body, JobView job, string seen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long last = time.GetTimestamp(); ; job = await views.RequireAsync(job.Id, cancellationToken))
        {
            string snapshot = JobSnapshot.IdOf(job);
            bool ended = job.State.IsFinal();
            if (snapshot != seen || ended)
            {
                yield return new SseItem<JobView>(job, ended ? "end" : "progress") { EventId = snapshot };
                if (ended) yield break;
                (seen, last) = (snapshot, time.GetTimestamp());
            }
            else if (time.GetElapsedTime(last) >= s_quiet)
            {
                // The formatter waits for the next event meanwhile, so that this comes between two; it has no comments of its own.
                await SendAsync(body, ": still there\n\n", cancellationToken);
                last = time.GetTimestamp();
            }
            await Task.Delay(s_look, time, cancellationToken);
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
