using System.Globalization;
using System.Text.Json;
using Azure.Storage.Queues.Models;

namespace Microsoft.Azure.Functions.Worker.Hosting.Queues;

/// <summary>A message as a function's parameter: text, bytes, the message itself, or what its JSON says.</summary>
internal static class QueueArgument
{
    static readonly JsonSerializerOptions s_json = new() { PropertyNameCaseInsensitive = true };

    /// <summary>The value for a parameter of a type.</summary>
    /// <exception cref="JsonException">The body isn't JSON of that type.</exception>
    public static object? Of(QueueMessage message, Type type) =>
        type == typeof(QueueMessage) ? message
        : type == typeof(string) ? message.Body.ToString()
        : type == typeof(BinaryData) ? message.Body
        : type == typeof(byte[]) ? message.Body.ToArray()
        : JsonSerializer.Deserialize(message.Body.ToMemory().Span, type, s_json);

    /// <summary>What comes with a message, by Functions' names.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Data(QueueMessage message) =>
    [
        new("Id", message.MessageId),
        new("QueueTrigger", message.Body.ToString()),
        new("PopReceipt", message.PopReceipt),
        new("DequeueCount", message.DequeueCount.ToString(CultureInfo.InvariantCulture)),
        new("InsertionTime", message.InsertedOn?.ToString("O", CultureInfo.InvariantCulture)),
        new("ExpirationTime", message.ExpiresOn?.ToString("O", CultureInfo.InvariantCulture)),
        new("NextVisibleTime", message.NextVisibleOn?.ToString("O", CultureInfo.InvariantCulture)),
    ];
}
