using Azure.Storage.Queues;
using DiffusionBatch.LocalHost.Functions;

namespace DiffusionBatch.LocalHost.Queues;

/// <summary>A trigger's queue and the one that takes what fails too often.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Poison">The one for failures, which has its name with <c>-poison</c> behind it.</param>
internal sealed record QueueConnection(QueueClient Queue, QueueClient Poison)
{
    /// <summary>
    /// Clients of both; nothing is sent yet. Bodies come as they are stored: one that isn't Base64 must not fail the others of its batch.
    /// </summary>
    /// <exception cref="FunctionsHostException">The connection isn't set, or is no connection string.</exception>
    public static QueueConnection Open(QueueTrigger trigger, AppSettings settings, string function)
    {
        string name = settings.Expand(trigger.Queue, function), setting = trigger.Connection;
        string text = settings[setting] ?? settings[$"AzureWebJobs{setting}"] ?? settings[$"ConnectionStrings:{setting}"]
            ?? throw new FunctionsHostException(
                $"The function '{function}' listens to the queue '{name}' of the connection '{setting}', and the setting '{setting}' is "
                    + $"missing; give it a connection string, or switch the function off with AzureWebJobs.{function}.Disabled=true.");
        try
        {
            var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
            return new QueueConnection(new QueueClient(text, name, options), new QueueClient(text, name + "-poison", options));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new FunctionsHostException($"The setting '{setting}' is no storage connection string: {e.Message}", e);
        }
    }
}
