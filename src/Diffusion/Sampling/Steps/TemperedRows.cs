using DiffusionBatch.Contracts.Manifests;
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
    double temperature, topP;
    int topK;
    int[] order = [];
    CanvasRows? rows;

    /// <summary>Turns to a canvas's logits at a temperature above 0, and to a sampler's limits on what may be drawn.</summary>
    public void Bind(CanvasRows canvas, SamplerSettings settings) => Bind(canvas, settings.Temperature, settings.TopK ?? 0, settings.TopP ?? 1);

    /// <summary>Turns to a canvas's logits at a temperature above 0.</summary>
    /// <param name="canvas">The logits.</param>
    /// <param name="atTemperature">Above 0.</param>
    /// <param name="amongK">Tokens that a draw is among, the likeliest, of equals the earlier; 0 for all.</param>
    /// <param name="amongP">A draw is among the fewest of the likeliest whose tempered probabilities sum to at least this (Holtzman et al. 2020); 1 for all.</param>
    public void Bind(CanvasRows canvas, double atTemperature, int amongK = 0, double amongP = 1)
    {
        if (ReferenceEquals(canvas, rows) && temperature == atTemperature && topK == amongK && topP == amongP) return;
        (rows, temperature, topK, topP, kept) = (canvas, atTemperature, amongK, amongP, 0);
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
        if ((topK > 0 && topK < logits.Length) || topP < 1) Limit(sums.AsSpan(0, logits.Length), logits, max);
        return sums;
    }

    /// <summary>Leaves weight to the likeliest tokens alone: first the K, then those of them that hold a share p of what is left.</summary>
    void Limit(Span<double> sums, ReadOnlySpan<float> logits, double max)
    {
        if (order.Length != logits.Length) order = new int[logits.Length];
        var keys = sums; // ordered by logit, then by token
        for (int v = 0; v < order.Length; v++) (order[v], keys[v]) = (v, -(double)logits[v]);
        int count = topK > 0 ? Math.Min(topK, order.Length) : order.Length;
        keys.Sort(order.AsSpan());
        EarlierFirst(keys, count);
        double total = 0, held = 0;
        for (int i = 0; i < count; i++) total += Weight(logits[order[i]]);
        int among = 0;
        while (among < count && (among == 0 || held < topP * total)) held += Weight(logits[order[among++]]);
        Array.Sort(order, 0, among);
        double sum = 0;
        for (int v = 0, next = 0; v < logits.Length; v++)
        {
            if (next < among && order[next] == v)
            {
                sum += Weight(logits[v]);
                next++;
            }
            sums[v] = sum;
        }

        double Weight(float logit) => Math.Exp((logit - max) / temperature);
    }

    // The library's sort is not stable: of equal logits the earlier token comes first.
    void EarlierFirst(ReadOnlySpan<double> sorted, int count)
    {
        for (int from = 0, to; from < count; from = to)
        {
            for (to = from + 1; to < sorted.Length && sorted[to] == sorted[from];) to++;
            order.AsSpan(from, to - from).Sort();
        }
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
