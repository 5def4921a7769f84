using System.Globalization;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.LocalHost.TestApp;

/// <summary>Functions that the clock and queues start.</summary>
public sealed class TriggeredFunctions(Diary diary)
{
    [Function("Often")]
    public void Often([TimerTrigger("%Fast%")] TimerInfo timer) => diary.Write($"often {timer.IsPastDue} {timer.ScheduleStatus is not null}");

    [Function("Daily")]
    public void Daily([TimerTrigger("0 0 4 * * *", RunOnStartup = true)] TimerInfo timer) => diary.Write(string.Create(CultureInfo.InvariantCulture, $"daily {timer.IsPastDue} {timer.ScheduleStatus?.Next:O}"));

    [Function("Take")]
    public void Take([QueueTrigger("%Queues%-take", Connection = "QueueStorage")] string body, string id, long dequeueCount, DateTimeOffset insertionTime, DateTimeOffset expirationTime) =>
        diary.Write(string.Create(CultureInfo.InvariantCulture, $"take {body} {dequeueCount} {id.Length} {expirationTime - insertionTime:c}"));

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
