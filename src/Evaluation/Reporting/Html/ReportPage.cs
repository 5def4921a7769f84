using System.Text;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary><c>report.html</c>: one file that needs nothing else, for screens of any width and for paper.</summary>
public static class ReportPage
{
    static readonly IPageSection[] s_sections = [new FindingsSection(), new ChartsSection(), new CellsSection(), new LatencySection(),
        new ParallelismSection(), new ComparisonsSection(), new DenoisingSection(), new ItemsSection(), new NotesSection()];

    /// <summary>What the page may load: nothing.</summary>
    const string Policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    /// <summary>Writes the file as UTF-8.</summary>
    public static void Write(Stream output, EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(report);
        var sections = s_sections.Where(s => s.Applies(report)).ToList();
        var page = new Markup();
        WriteHead(page, report);
        WriteBody(page, report, sections);
        output.Write(Encoding.UTF8.GetBytes("<!DOCTYPE html>\n<html lang=\"en\">\n" + page));
        new PageData(output).Write(report);
        output.Write(Encoding.UTF8.GetBytes("<script>" + PageResource.Script + "</script>\n</body>\n</html>\n"));
    }

    static void WriteHead(Markup page, EvaluationReport report)
    {
        page.Open("head").Line();
        page.Empty("meta", ("charset", "utf-8")).Line();
        page.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1")).Line();
        page.Empty("meta", ("name", "color-scheme"), ("content", "light dark")).Line();
        page.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy)).Line();
        page.Element("title", report.Name + " – DiffusionBatch report").Line();
        page.Open("style").Raw(PageResource.Style).Close().Line().Close().Line();
    }

    // The body stays open: data and script stand at its end.
    static void WriteBody(Markup page, EvaluationReport report, List<IPageSection> sections)
    {
        page.Raw("<body>\n").Open("header").Element("h1", report.Name).Element("p", Summary(report), ("class", "note"));
        page.Open("nav", ("aria-label", "Sections"));
        foreach (var section in sections) page.Element("a", section.Title, ("href", "#" + section.Id)).Text(" ");
        page.Close().Close().Line();
        page.Open("noscript").Element("p", "Charts, items and traces need JavaScript, which is off here; the tables don't.",
            ("class", "note")).Close().Line();
        page.Open("main").Line();
        foreach (var section in sections)
        {
            page.Open("section", ("id", section.Id), ("aria-labelledby", section.Id + "-title"))
                .Element("h2", section.Title, ("id", section.Id + "-title")).Line();
            section.Write(page, report);
            page.Close().Line();
        }
        page.Close().Line();
    }

    static string Summary(EvaluationReport report) =>
        $"{Figures.Count(report.TotalItems)} {(report.TotalItems == 1 ? "item" : "items")}, {Figures.Count(report.Cells.Count)} "
            + $"{(report.Cells.Count == 1 ? "cell" : "cells")}. Intervals are 95 % bootstrap intervals over items.";
}

/// <summary>The page's script and style, as build/web-page.mjs bundled them.</summary>
internal static class PageResource
{
    /// <summary>The script, the chart library and its licence included.</summary>
    public static string Script { get; } = Read("report-page.js");

    /// <summary>The style sheet.</summary>
    public static string Style { get; } = Read("report-style.css");

    static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PageResource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not in this build."));
        return reader.ReadToEnd();
    }
}
