namespace DiffusionBatch.Evaluation.Text;

/// <summary>The four entities that mteval and Tercom know.</summary>
internal static class Entities
{
    /// <summary>The text with its entities resolved, one kind after the other: "&amp;amp;lt;" ends as a sign.</summary>
    public static string Resolve(string text) => !text.Contains('&', StringComparison.Ordinal) ? text : text
        .Replace("&quot;", "\"", StringComparison.Ordinal)
        .Replace("&amp;", "&", StringComparison.Ordinal)
        .Replace("&lt;", "<", StringComparison.Ordinal)
        .Replace("&gt;", ">", StringComparison.Ordinal);
}
