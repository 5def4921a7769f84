namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary><c>report.html</c>: one file that needs nothing else, for screens of any width and for paper.</summary>
public static class ReportPage
{
    static readonly IPageSection[] s_sections = [new ChartsSection(), new CellsSection(), new ComparisonsSection(), new NotesSection(), new ItemsSection()];

    /// <summary>The file's text.</summary>
    public static string ToText(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var sections = s_sections.Where(s => s.Applies(report)).ToList();
        var page = new Markup();
        page.Raw("<!DOCTYPE html>\n").Open("html", ("lang", "en")).Line().Open("head").Line();
        page.Empty("meta", ("charset", "utf-8")).Line();
        page.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1")).Line();
        page.Empty("meta", ("name", "color-scheme"), ("content", "light dark")).Line();
        page.Element("title", report.Name + " – DiffusionBatch report").Line();
        page.Open("style").Raw(PageStyle.Css).Close().Line().Close().Line().Open("body").Line();

        page.Open("header").Element("h1", report.Name).Element("p", Summary(report), ("class", "note"));
        page.Open("nav", ("aria-label", "Sections"));
        foreach (var section in sections) page.Element("a", section.Title, ("href", "#" + section.Id));
        page.Close().Close().Line().Open("main").Line();
        foreach (var section in sections)
        {
            page.Open("section", ("id", section.Id), ("aria-labelledby", section.Id + "-title")).Element("h2", section.Title, ("id", section.Id + "-title")).Line();
            section.Write(page, report);
            page.Close().Line();
        }
        page.Close().Line().Close().Line().Close().Line();
        return page.ToString();
    }

    static string Summary(EvaluationReport report) =>
        $"{Figures.Count(report.TotalItems)} {(report.TotalItems == 1 ? "item" : "items")}, {Figures.Count(report.Cells.Count)} {(report.Cells.Count == 1 ? "cell" : "cells")}. Intervals are 95 % bootstrap intervals over items.";
}
