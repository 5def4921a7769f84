using DiffusionBatch.Diffusion.Processes.Likelihoods;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>The model's prediction at the requested rows of one canvas, with the mask's logit at -inf.</summary>
/// <param name="rows">R.</param>
internal sealed class CanvasRows(int rows) : IResponseRows
{
    /// <summary>(R) the most probable token; the first of equals.</summary>
    public int[] Tokens { get; } = new int[rows];

    /// <summary>(R) its log-probability.</summary>
    public float[] Scores { get; } = new float[rows];

    /// <summary>(R) log of the sum of exp(logits).</summary>
    public float[] LogNormalizers { get; } = new float[rows];

    /// <summary>(R, V) row-major logits where they were wanted, else empty; valid only while the prediction is being delivered.</summary>
    public ReadOnlyMemory<float> Logits { get; set; }

    /// <summary>(V) the logits of one row, to be kept no longer than the prediction is delivered.</summary>
    public ReadOnlyMemory<float> RowOf(int row)
    {
        int vocabulary = Logits.Length / Tokens.Length;
        return Logits.Slice(row * vocabulary, vocabulary);
    }

    /// <summary>
    /// The pass's keys and values, where the canvas's kind keeps them and it was a whole pass; the receiver's to dispose.
    /// </summary>
    public IKeptKeys? Kept { get; set; }

    /// <summary>The canvas's share of the pass's wall time.</summary>
    public double Seconds { get; set; }

    /// <summary>(V) the logits of one row.</summary>
    public ReadOnlySpan<float> LogitsOf(int row)
    {
        int vocabulary = Logits.Length / Tokens.Length;
        return Logits.Span.Slice(row * vocabulary, vocabulary);
    }

    float IResponseRows.LogNormalizerOf(int row) => LogNormalizers[row];
}
