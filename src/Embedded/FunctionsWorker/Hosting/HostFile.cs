using System.Text.Json;
using Microsoft.Azure.Functions.Worker.Hosting.Queues;

namespace Microsoft.Azure.Functions.Worker.Hosting;

/// <summary>The app's host.json, as far as this host acts by it.</summary>
/// <param name="RoutePrefix">What stands before all routes: <c>extensions.http.routePrefix</c>, default <c>api</c>; may be empty.</param>
/// <param name="Queues"><c>extensions.queues</c>.</param>
internal sealed record HostFile(string RoutePrefix, QueueSettings Queues)
{
    static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the file; the defaults hold where there is none.</summary>
    /// <exception cref="InvalidOperationException">A value is of the wrong kind or out of its range.</exception>
    public static HostFile Read(string path)
    {
        if (!File.Exists(path)) return new HostFile("api", new QueueSettings());
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), s_lenient);
            JsonElement? extensions = Member(document.RootElement, "extensions");
            return new HostFile(
                (Member(Member(extensions, "http"), "routePrefix")?.GetString() ?? "api").Trim('/'),
                QueueSettings.Read(Member(extensions, "queues")));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>A member of an object, or null.</summary>
    internal static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out JsonElement member) ? member : null;
}
