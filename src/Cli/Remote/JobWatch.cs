using System.Net.ServerSentEvents;
using System.Text.Json;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Remote;

/// <summary>Follows a job to its end, and connects again where the connection is lost.</summary>
internal sealed class JobWatch(ApiClient client)
{
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2), s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Reports a job's views as they change; returns the last one.</summary>
    /// <exception cref="RemoteException">There is no such job, or the server was away for too long.</exception>
    public async Task<JobView> RunAsync(string id, Action<JobView> report, CancellationToken cancellationToken)
    {
        string? last = null;
        long heard = Environment.TickCount64;
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await client.EventsAsync(id, last, cancellationToken);
                await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
                SseParser<string> events = SseParser.Create(stream);
                await foreach (SseItem<string> item in events.EnumerateAsync(cancellationToken))
                {
                    heard = Environment.TickCount64;
                    JobView job = JsonSerializer.Deserialize(item.Data, ApiJson.Default.JobView)!;
                    last = events.LastEventId;
                    report(job);
                    if (job.State.IsFinal()) return job;
                }
            }
            catch (RemoteException e) when (e.Status is 0 or >= 500 && Environment.TickCount64 - heard < s_patience.TotalMilliseconds)
            {
                // The server is being started again.
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // The connection was lost.
            }
            await Task.Delay(s_pause, cancellationToken);
        }
    }
}
