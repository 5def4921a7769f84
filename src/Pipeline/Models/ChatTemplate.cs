using System.Text;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Models;

/// <summary>Makes prompts of chats.</summary>
public static class ChatTemplate
{
    /// <summary>What stands for a message's text.</summary>
    public const string Content = "{content}";

    /// <summary>A template's texts by role.</summary>
    public static IEnumerable<(string Role, string? Text)> Roles(ChatTemplateView? template) =>
        [("system", template?.System), ("user", template?.User), ("assistant", template?.Assistant)];

    /// <summary>
    /// The prompt of a chat. Without a template it is the messages' texts, a line each, as a prompt of one message is its text.
    /// </summary>
    /// <param name="template">The model's template, or null.</param>
    /// <param name="messages">Roles (<c>system</c>, <c>user</c>, <c>assistant</c>) and texts.</param>
    public static string Render(ChatTemplateView? template, IReadOnlyList<(string Role, string Text)> messages)
    {
        if (template is null) return string.Join('\n', messages.Select(m => m.Text));
        Dictionary<string, string?> roles = Roles(template).ToDictionary(r => r.Role, r => r.Text, StringComparer.Ordinal);
        var prompt = new StringBuilder(template.Begin);
        foreach (var (role, text) in messages)
            prompt.Append((roles[role] ?? Content + "\n").Replace(Content, text, StringComparison.Ordinal));
        return prompt.Append(template.End).ToString();
    }
}
