namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>The page's script and style, as build/report-page.mjs bundled them.</summary>
internal static class PageResource
{
    /// <summary>The script, the chart library and its licence included.</summary>
    public static string Script { get; } = Read("report-page.js");

    /// <summary>The style sheet.</summary>
    public static string Style { get; } = Read("report-style.css");

    static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PageResource).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource {name} is not in this build."));
        return reader.ReadToEnd();
    }
}
