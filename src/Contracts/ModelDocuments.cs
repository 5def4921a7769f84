using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DiffusionBatch.Contracts;

/// <summary>The models that requests can name.</summary>
/// <param name="Models">Them, by name.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ModelListView(IReadOnlyList<ModelView> Models);

/// <summary>
/// A model that requests can name: its folder, how chats become prompts of it, and how it samples where a request doesn't say.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ModelView
{
    /// <summary>Its name: letters, digits, <c>.</c>, <c>_</c>, <c>:</c> and <c>-</c>, at most 128.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Its folder under the storage root.</summary>
    public string Folder { get; init => field = value ?? ""; } = "";

    /// <summary>How the messages of a chat become a prompt; absent: their texts, a line each.</summary>
    public ChatTemplateView? Template { get; init; }

    /// <summary>The sampler where a request says nothing else, as in a manifest; lists aren't taken.</summary>
    public JsonObject? Sampler { get; init; }
}

/// <summary>
/// How the messages of a chat become a prompt: each as its role's text with <c>{content}</c> replaced, one after another, between
/// <see cref="Begin"/> and <see cref="End"/>.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ChatTemplateView
{
    /// <summary>What stands before all messages.</summary>
    public string? Begin { get; init; }

    /// <summary>A message of the roles <c>system</c> and <c>developer</c>; absent: its text and a line feed.</summary>
    public string? System { get; init; }

    /// <summary>A message of the role <c>user</c>; absent: its text and a line feed.</summary>
    public string? User { get; init; }

    /// <summary>A message of the role <c>assistant</c>; absent: its text and a line feed.</summary>
    public string? Assistant { get; init; }

    /// <summary>What stands behind all messages, before the answer.</summary>
    public string? End { get; init; }
}
