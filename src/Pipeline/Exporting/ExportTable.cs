namespace DiffusionBatch.Pipeline.Exporting;

/// <summary>A job's results as a table: a row an item and cell.</summary>
/// <param name="Metrics">The names of the columns that hold each item's own scores; empty for a job that scores nothing.</param>
/// <param name="Rows">The rows, read as they are asked for: cell by cell, in the order of the input.</param>
/// <param name="IsComplete">Whether these are all; else the job isn't finished.</param>
public sealed record ExportTable(IReadOnlyList<string> Metrics, IAsyncEnumerable<ExportRow> Rows, bool IsComplete)
{
    /// <summary>The columns that every table has, in order.</summary>
    public static IReadOnlyList<string> Fixed { get; } = ["job", "cell", "id", "text", "score", "length", "nfe", "errorCode"];

    /// <summary>All columns in order. A metric that is labelled as one of the others has <c>metric.</c> before its name.</summary>
    public IReadOnlyList<string> Columns =>
        [.. Fixed, .. Metrics.Select(name => Fixed.Contains(name, StringComparer.OrdinalIgnoreCase) ? "metric." + name : name)];
}

/// <summary>An item in a cell.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Cell">The cell.</param>
/// <param name="Id">The item's id.</param>
public sealed record ExportRow(string Job, string Cell, string Id)
{
    /// <summary>Its text; null where it has an error, or the model no tokenizer.</summary>
    public string? Text { get; init; }

    /// <summary>The mean log-probability of its tokens; null where the line has none.</summary>
    public double? Score { get; init; }

    /// <summary>Its slots; null where the line doesn't say.</summary>
    public long? Length { get; init; }

    /// <summary>The forward passes that it needed; null where the line doesn't say.</summary>
    public long? Nfe { get; init; }

    /// <summary>The code of its error, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Its own scores in the order of the table's metrics; null where there is none.</summary>
    public IReadOnlyList<double?> Metrics { get; init; } = [];
}

/// <summary>The forms of a table.</summary>
public enum ExportFormat
{
    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>RFC 4180, UTF-8, with a line of names.</summary>
    Csv,

    /// <summary>A JSON object a line.</summary>
    Jsonl,
}
