using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace DiffusionBatch.LocalHost.TestApp;

/// <summary>Functions that the clock and queues start.</summary>
public sealed class TriggeredFunctions(Diary diary, IConfiguration configuration)
{
    // Goes on while the gate is there.
    [Function("Often")]
    public async Task Often([TimerTrigger("%Fast%")] TimerInfo timer)
    {
        diary.Write($"often {timer.IsPastDue}");
        while (File.Exists(configuration["Gate"])) await Task.Delay(20);
    }

    [Function("Daily")]
    public void Daily([TimerTrigger("0 0 4 * * *", RunOnStartup = true)] TimerInfo timer) =>
        diary.Write(string.Create(CultureInfo.InvariantCulture, $"daily {timer.IsPastDue} {timer.ScheduleStatus?.Next:O}"));

    [Function("Take")]
    public void Take([QueueTrigger("%Queues%-take", Connection = "QueueStorage")] string body, string id, long dequeueCount,
        DateTimeOffset insertionTime, DateTimeOffset expirationTime) =>
        diary.Write(string.Create(CultureInfo.InvariantCulture,
            $"take {body} {dequeueCount} {id.Length} {expirationTime - insertionTime:c}"));

    [Function("Fail")]
    public void Fail([QueueTrigger("%Queues%-fail", Connection = "QueueStorage")] string body, long dequeueCount)
    {
        diary.Write(string.Create(CultureInfo.InvariantCulture, $"fail {body} {dequeueCount}"));
        throw new InvalidOperationException("always");
    }

    [Function("Hold")]
    public async Task Hold([QueueTrigger("%Queues%-hold", Connection = "QueueStorage")] string body, CancellationToken cancellationToken)
    {
        diary.Write($"hold {body}");
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
