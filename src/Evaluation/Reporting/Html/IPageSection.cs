namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>A part of the page under a heading of its own.</summary>
internal interface IPageSection
{
    /// <summary>Its anchor.</summary>
    string Id { get; }

    /// <summary>Its heading.</summary>
    string Title { get; }

    /// <summary>Whether the report has something for it.</summary>
    bool Applies(EvaluationReport report);

    /// <summary>Writes what stands under the heading.</summary>
    void Write(Markup page, EvaluationReport report);
}
