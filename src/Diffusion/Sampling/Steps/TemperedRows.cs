using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Steps;

/// <summary>
/// Draws tokens from softmax(log p / temperature) of one canvas's logits, by inversion in float64 with one uniform number a draw.
/// A row's cumulative weights are kept while the canvas and the temperature stay, since a trajectory whose canvas didn't change draws from them again.
/// </summary>
internal sealed class TemperedRows
{
    /// <summary>How many float64 weights are kept for one canvas (64 MiB); rows beyond it are summed anew for each draw.</summary>
    const long KeptWeights = 1 << 23;

    readonly List<double[]> pool = [];
    double[]?[] cumulative = [];
    double[] scratch = [];
    int kept;
    double temperature;
    CanvasRows? rows;

    /// <summary>Turns to a canvas's logits at a temperature above 0.</summary>
    public void Bind(CanvasRows canvas, double atTemperature)
    {
        if (ReferenceEquals(canvas, rows) && temperature == atTemperature) return;
        (rows, temperature, kept) = (canvas, atTemperature, 0);
        if (cumulative.Length < canvas.Tokens.Length) cumulative = new double[]?[canvas.Tokens.Length];
        Array.Clear(cumulative);
    }

    /// <summary>Lets go of the canvas: its logits are no longer valid.</summary>
    public void Release() => rows = null;

    /// <summary>The token at quantile u of a row, and its untempered log-probability.</summary>
    /// <param name="row">Which of the canvas's predicted rows.</param>
    /// <param name="u">Of [0, 1).</param>
    public (int Token, float Score) Draw(int row, double u)
    {
        var logits = rows!.LogitsOf(row);
        double[] sums = cumulative[row] ?? Accumulate(row, logits);
        int token = UpperBound(sums.AsSpan(0, logits.Length), u);
        return (token, logits[token] - rows.LogNormalizers[row]);
    }

    double[] Accumulate(int row, ReadOnlySpan<float> logits)
    {
        double[] sums;
        if ((kept + 1L) * logits.Length > KeptWeights)
        {
            if (scratch.Length < logits.Length) scratch = new double[logits.Length];
            sums = scratch;
        }
        else
        {
            if (kept == pool.Count) pool.Add(new double[logits.Length]);
            if (pool[kept].Length < logits.Length) pool[kept] = new double[logits.Length];
            sums = cumulative[row] = pool[kept++];
        }
        double max = logits[rows!.Tokens[row]], total = 0;
        for (int v = 0; v < logits.Length; v++)
        {
            total += Math.Exp((logits[v] - max) / temperature); // exactly 0 for the mask's -inf
            sums[v] = total;
        }
        return sums;
    }

    /// <summary>The first token whose cumulative weight exceeds u of the total: never one of weight 0.</summary>
    static int UpperBound(ReadOnlySpan<double> sums, double u)
    {
        double target = u * sums[^1];
        if (target >= sums[^1]) target = Math.BitDecrement(sums[^1]); // u * total can round up to the total
        int from = 0, to = sums.Length - 1;
        while (from < to)
        {
            int middle = (from + to) >>> 1;
            if (sums[middle] > target) to = middle;
            else from = middle + 1;
        }
        return from;
    }
}
