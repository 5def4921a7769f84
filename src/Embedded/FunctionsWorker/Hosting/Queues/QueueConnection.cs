using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.Hosting.Queues;

/// <summary>Opens the queue that a trigger names.</summary>
internal static class QueueConnection
{
    const string Default = "AzureWebJobsStorage";

    /// <summary>A client of the queue; nothing is sent yet.</summary>
    /// <exception cref="InvalidOperationException">The connection isn't set, or is no connection string.</exception>
    public static QueueClient Open(string setting, string queue, bool isBase64, IConfiguration configuration, string function)
    {
        string text = configuration[setting] ?? configuration[$"AzureWebJobs{setting}"] ?? configuration.GetConnectionString(setting) ?? "";
        if (text.Length == 0)
            throw new InvalidOperationException($"Function '{function}' listens to the queue '{queue}' of the connection '{setting}', and the setting '{setting}' is missing; give it a connection string, or switch the function off with AzureWebJobs.{function}.Disabled=true.");
        try
        {
            return new QueueClient(text, queue, new QueueClientOptions { MessageEncoding = isBase64 ? QueueMessageEncoding.Base64 : QueueMessageEncoding.None });
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new InvalidOperationException($"The setting '{setting}' is no storage connection string: {e.Message}", e);
        }
    }

    /// <summary>The setting that a trigger's connection is in.</summary>
    public static string SettingOf(QueueTriggerAttribute trigger) => string.IsNullOrEmpty(trigger.Connection) ? Default : trigger.Connection;
}
