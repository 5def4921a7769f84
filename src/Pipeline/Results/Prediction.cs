namespace DiffusionBatch.Pipeline.Results;

/// <summary>One line of predictions.</summary>
/// <param name="Id">The item's id.</param>
/// <param name="Text">The text; null where the item has an error.</param>
/// <param name="ErrorCode">The code of its error, or null.</param>
public sealed record Prediction(string Id, string? Text, string? ErrorCode)
{
    /// <summary>The file it stands in, by its full path.</summary>
    public string File { get; init; } = "";

    /// <summary>Its line there, from 1.</summary>
    public int Line { get; init; }

    /// <summary>Its forward passes, where the line says.</summary>
    public long? Nfe { get; init; }

    /// <summary>Its tokens, where the line says.</summary>
    public long? Length { get; init; }

    /// <summary>Its tokens' ids, where the line gives them.</summary>
    public int[]? Ids { get; init; }

    /// <summary>The natural logarithm of its probability under a scoring model, where the line gives it.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>The scoring model's tokens that <see cref="LogLikelihood"/> is over, where the line says.</summary>
    public long? Tokens { get; init; }
}

/// <summary>A cell of predictions: the files of a results subfolder, or one file.</summary>
/// <param name="Name">The subfolder's name; <c>all</c> for one file, <c>RESULTS/CELL</c> where several results folders lie in one.</param>
/// <param name="Files">The files in order, by their full paths.</param>
public sealed record PredictionCell(string Name, IReadOnlyList<string> Files)
{
    /// <summary>The traces beside them, in order; empty where the job made none.</summary>
    public IReadOnlyList<string> TraceFiles { get; init; } = [];

    /// <summary>Exact results of some of its items, in order; empty where the job verified nothing.</summary>
    public IReadOnlyList<string> VerifyFiles { get; init; } = [];

    /// <summary>The results folder that it is a cell of, and its name there; null where it is of none.</summary>
    public (string Folder, string Cell)? Results { get; init; }
}
