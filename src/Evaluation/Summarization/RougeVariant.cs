namespace DiffusionBatch.Evaluation.Summarization;

/// <summary>What ROUGE counts as a match (Lin 2004).</summary>
public enum RougeVariant
{
    /// <summary>Words.</summary>
    Rouge1,

    /// <summary>Pairs of neighbouring words.</summary>
    Rouge2,

    /// <summary>The longest common subsequence of the texts.</summary>
    RougeL,

    /// <summary>Summary level: for each line of the reference, the union of its longest common subsequences with all lines of the output.</summary>
    RougeLsum,
}
