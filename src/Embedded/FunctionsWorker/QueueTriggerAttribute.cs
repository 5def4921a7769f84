using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function for each message of an Azure Storage queue.</summary>
/// <param name="queueName">The queue, or <c>%Setting%</c> that names it.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    /// <summary>The queue's name as it was given.</summary>
    public string QueueName { get; } = queueName;

    /// <summary>The setting that holds the connection string; null means <c>AzureWebJobsStorage</c>.</summary>
    public string? Connection { get; set; }
}
