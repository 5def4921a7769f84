using System.Globalization;
using System.Text.Json.Nodes;
using DiffusionBatch.Evaluation.Cost;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Statistics;

namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>All that a report shows.</summary>
/// <param name="Name">The evaluation's name.</param>
/// <param name="Cells">The cells of the sweep, in its order.</param>
/// <param name="Items">The items to show with their texts: the first, as many as a page can hold.</param>
/// <param name="TotalItems">How many items were scored.</param>
public sealed record EvaluationReport(string Name, IReadOnlyList<ReportCell> Cells, IReadOnlyList<ReportItem> Items, long TotalItems)
{
    /// <summary>What the reader should know of the data: items without a prediction, predictions without a reference.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The cells whose predictions and references didn't all pair up.</summary>
    public IReadOnlyList<CellJoin> Joins { get; init; } = [];

    /// <summary>How cells differ.</summary>
    public IReadOnlyList<CellComparison> Comparisons { get; init; } = [];

    /// <summary>The claims that were tested.</summary>
    public IReadOnlyList<FindingResult> Findings { get; init; } = [];

    /// <summary>The traces that can be played; null where there are none.</summary>
    public ReportTraces? Traces { get; init; }

    /// <summary>The metrics' names, in the order to show them.</summary>
    public IReadOnlyList<string> Metrics => [.. Cells.SelectMany(c => c.Metrics).Select(m => m.Key).Distinct(StringComparer.Ordinal)];

    /// <summary>How intervals and comparisons were found; null where neither was asked for.</summary>
    public ComparisonOptions? Statistics { get; init; }
}

/// <summary>One cell of a sweep with its scores.</summary>
/// <param name="Cell">Its name, such as <c>steps=8,length.beam=5</c>.</param>
/// <param name="Sampler">Its sampler settings; null where they aren't known.</param>
/// <param name="Metrics">Its scores by name, in the order to show them.</param>
/// <param name="Cost">What it cost; null where that wasn't asked for.</param>
public sealed record ReportCell(string Cell, JsonObject? Sampler, IReadOnlyList<KeyValuePair<string, MetricScore>> Metrics,
    CellCost? Cost = null)
{
    const string StepsField = "steps", LengthField = "length.value";

    /// <summary>What of its sampler is an approximation, in words; null for nothing.</summary>
    public string? Approximation { get; init; }

    /// <summary>What the approximation costs, where the job that sampled verified it; null otherwise.</summary>
    public ReportVerification? Verification { get; init; }

    /// <summary>Denoising steps, from the settings or else the name; null where neither says.</summary>
    public double? Steps => Number(Sampler?[StepsField], StepsField);

    /// <summary>Tokens of a response where all have as many, from the settings or else the name; null where neither says.</summary>
    public double? Length => Number((Sampler?["length"] as JsonObject)?["value"], LengthField);

    /// <summary>The name without its steps: cells that differ in steps alone lie on one line of a chart.</summary>
    public string Series => Without(StepsField);

    /// <summary>The name without its length: cells that differ in it alone lie on one line of a chart against length.</summary>
    public string LengthSeries => Without(LengthField);

    string Without(string field) => (Cell[..^Own.Length]
        + string.Join(',', Own.Split(',').Where(p => !p.StartsWith(field + "=", StringComparison.Ordinal)))).TrimEnd('/');

    double? Number(JsonNode? setting, string field)
    {
        if (setting is JsonValue value
            && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)) return number;
        string? part = Array.Find(Own.Split(','), p => p.StartsWith(field + "=", StringComparison.Ordinal));
        return part is not null
            && double.TryParse(part.AsSpan(field.Length + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? number : null;
    }

    /// <summary>The name without that of the results folder before it.</summary>
    string Own => Cell[(Cell.LastIndexOf('/') + 1)..];

    /// <summary>A score by name, or null.</summary>
    public MetricScore? Score(string metric) => Metrics.FirstOrDefault(m => m.Key == metric).Value;
}

/// <summary>How far an approximate cell agrees with the exact sampler on items that were sampled both ways.</summary>
/// <param name="Items">These items.</param>
/// <param name="EqualItems">Share of them whose tokens are all the same; null without items, like all that follows.</param>
/// <param name="EqualTokens">Share of their tokens that are.</param>
/// <param name="ScoreLoss">What an item loses in the model's own score on average, in nats a token.</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
public sealed record ReportVerification(int Items, double? EqualItems, double? EqualTokens, double? ScoreLoss, double? Low, double? High)
{
    /// <summary>By metric, the cell's score less the exact one over these items.</summary>
    public IReadOnlyList<CellComparison> Differences { get; init; } = [];
}

/// <summary>
/// What didn't pair up when a cell's predictions were joined with the references by id; all of it is left out of the scores.
/// </summary>
/// <param name="Cell">The cell.</param>
/// <param name="Scored">Items that were scored.</param>
/// <param name="Missing">References without a prediction.</param>
/// <param name="Extra">Predictions without a reference.</param>
/// <param name="Duplicate">Predictions whose id an earlier one has: the first is scored.</param>
public sealed record CellJoin(string Cell, long Scored, IdList Missing, IdList Extra, IdList Duplicate)
{
    const int Named = 10;

    /// <summary>Whether each reference had one prediction and each prediction a reference.</summary>
    public bool IsComplete => Missing.Count + Extra.Count + Duplicate.Count == 0;

    /// <summary>What didn't pair up, in sentences.</summary>
    public IEnumerable<string> Notes()
    {
        if (Missing.Count > 0) yield return Note(Missing, "reference", "without a prediction, left out of the scores");
        if (Extra.Count > 0) yield return Note(Extra, "prediction", "without a reference, left out of the scores");
        if (Duplicate.Count > 0)
            yield return Note(Duplicate, "prediction", "with an id that came before, left out: the first of each id is scored");
    }

    string Note(IdList ids, string what, string why) =>
        $"{Cell}: {ids.Count} {what}{(ids.Count == 1 ? "" : "s")} {why}: {string.Join(", ", ids.First.Take(Named))}"
        + (ids.Count > Named ? $" and {ids.Count - Named} more" : "");
}

/// <summary>Ids that one side of a join has and the other hasn't, or that come twice.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="First">The first of them, at most <see cref="Most"/>.</param>
public sealed record IdList(long Count, IReadOnlyList<string> First)
{
    /// <summary>How many are kept; <c>unmatched.jsonl</c> has all.</summary>
    public const int Most = 1_000;
}

/// <summary>One item with what every cell made of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Source">Its source; null where it isn't known.</param>
/// <param name="References">Its references.</param>
/// <param name="Hypotheses">One a cell, in the cells' order.</param>
public sealed record ReportItem(string Id, string? Source, IReadOnlyList<string> References, IReadOnlyList<ReportHypothesis> Hypotheses);

/// <summary>What a cell made of an item.</summary>
/// <param name="Text">Its text; null where there is none.</param>
/// <param name="Error">Why there is none.</param>
public sealed record ReportHypothesis(string? Text, string? Error = null);

/// <summary>The traces that a report's page can play.</summary>
/// <param name="Traces">At least one; an item's candidates stand together.</param>
/// <param name="Tokens">The texts of the tokens, with the blanks that belong to them; tokens without a text are shown by their ids.</param>
/// <param name="Note">What the reader should know: which traces these are, and where the others lie.</param>
public sealed record ReportTraces(IReadOnlyList<ReportTrace> Traces, IReadOnlyDictionary<int, string> Tokens, string Note);

/// <summary>How one candidate of one item came about in one cell, step by step.</summary>
/// <param name="Id">The item's id.</param>
/// <param name="Cell">The cell's place among the report's cells.</param>
/// <param name="Candidate">The candidate's number in its length beam, from 0.</param>
/// <param name="Steps">The steps that changed something, in order.</param>
public sealed record ReportTrace(string Id, int Cell, int Candidate, IReadOnlyList<ReportTraceStep> Steps);

/// <summary>One step's changes; positions are counted in slots, from 0.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Write">The tokens written, each with its log-probability at that time.</param>
/// <param name="Mask">The slots that became masks again.</param>
public sealed record ReportTraceStep(int Step, IReadOnlyList<(int Position, int Id, float LogProbability)> Write, IReadOnlyList<int> Mask);
