using System.Text;
using System.Text.Json;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>A job's progress as server-sent events.</summary>
public sealed class JobEvents(JobViews views, TimeProvider time)
{
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
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "jobs/{id}/events")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        JobView first = await views.RequireAsync(id, cancellationToken);
        string seen = request.Headers["Last-Event-ID"].ToString();
        if (first.State.IsFinal() && seen == JobSnapshot.IdOf(first)) return Results.NoContent();
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        request.HttpContext.Response.Headers["X-Accel-Buffering"] = "no";
        return Results.Stream(body => WriteAsync(body, first, seen, cancellationToken), "text/event-stream");
    }

    async Task WriteAsync(Stream body, JobView job, string seen, CancellationToken cancellationToken)
    {
        // A client that lost the connection comes back after this many milliseconds.
        await SendAsync(body, "retry: 2000\n\n", cancellationToken);
        long last = time.GetTimestamp();
        try
        {
            while (true)
            {
                string snapshot = JobSnapshot.IdOf(job);
                bool ended = job.State.IsFinal();
                if (snapshot != seen || ended)
                {
                    string data = JsonSerializer.Serialize(job, ApiJson.Default.JobView);
                    await SendAsync(body, $"id: {snapshot}\nevent: {(ended ? "end" : "progress")}\ndata: {data}\n\n", cancellationToken);
                    if (ended) return;
                    (seen, last) = (snapshot, time.GetTimestamp());
                }
                else if (time.GetElapsedTime(last) >= s_quiet)
                {
                    await SendAsync(body, ": still there\n\n", cancellationToken);
                    last = time.GetTimestamp();
                }
                await Task.Delay(s_look, time, cancellationToken);
                job = await views.RequireAsync(job.Id, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The reader is gone, or the server stops: the reader comes back.
        }
        catch (Problems.ApiException)
        {
            // Retention has removed the job: nothing more will happen to it.
        }
    }

    static async Task SendAsync(Stream body, string text, CancellationToken cancellationToken)
    {
        await body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await body.FlushAsync(cancellationToken);
    }
}
