namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>One item as metrics see it.</summary>
/// <param name="Id">Its id; pairs of cells are compared item by item under it.</param>
/// <param name="Hypothesis">The system's output; empty where there is none.</param>
/// <param name="References">At least one text.</param>
public readonly record struct MetricItem(string Id, string Hypothesis, IReadOnlyList<string> References)
{
    /// <summary>The output's tokens as the model's ids, where the line gives them.</summary>
    public int[]? Ids { get; init; }

    /// <summary>The natural logarithm of the output's probability under the scoring model, where the line gives it.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>The tokens that <see cref="LogLikelihood"/> is over, where the line gives them.</summary>
    public long? Tokens { get; init; }

    /// <summary>Ends the work on the item, which may take seconds where texts are long.</summary>
    public CancellationToken Cancellation { get; init; }
}
