using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Steps;

/// <summary>
/// Draws tokens from softmax(log p / temperature) of one canvas's logits, by inversion in float64 with one uniform number a draw.
/// A row's cumulative weights are kept while the canvas and the temperature stay, since a trajectory whose canvas didn't change draws from
/// them again.
/// </summary>
internal sealed class TemperedRows
{
    /// <summary>How many float64 weights are kept for one canvas (64 MiB); rows beyond it are summed anew for each draw.</summary>
    const long KeptWeights = 1 << 23;

    readonly List<double[]> _pool = [];
    double[]?[] _cumulative = [];
    double[] _scratch = [];
    int _kept;
    double _temperature, _topP;
    int _topK;
    bool _within;
    int[] _order = [];
    CanvasRows? _rows;

    /// <summary>Turns to a canvas's logits at a temperature above 0, and to a sampler's limits on what may be drawn.</summary>
    public void Bind(CanvasRows canvas, SamplerSettings settings, bool staysWithin = false) =>
        Bind(canvas, settings.Temperature, settings.TopK ?? 0, settings.TopP ?? 1, staysWithin);

    /// <summary>Turns to a canvas's logits at a temperature above 0.</summary>
    /// <param name="canvas">The logits.</param>
    /// <param name="atTemperature">Above 0.</param>
    /// <param name="amongK">Tokens that a draw is among, the likeliest, of equals the earlier; 0 for all.</param>
    /// <param name="amongP">A draw is among the fewest of the likeliest whose tempered probabilities sum to at least this (Holtzman et al.
    /// 2020); 1 for all.</param>
    /// <param name="staysWithin">Whether the token with which that share is passed is left out, unless it is the likeliest.</param>
    public void Bind(CanvasRows canvas, double atTemperature, int amongK = 0, double amongP = 1, bool staysWithin = false)
    {
        if (ReferenceEquals(canvas, _rows) && _temperature == atTemperature && _topK == amongK && _topP == amongP && _within == staysWithin)
            return;
        (_rows, _temperature, _topK, _topP, _within, _kept) = (canvas, atTemperature, amongK, amongP, staysWithin, 0);
        if (_cumulative.Length < canvas.Tokens.Length) _cumulative = new double[]?[canvas.Tokens.Length];
        Array.Clear(_cumulative);
    }

    /// <summary>Lets go of the canvas: its logits are no longer valid.</summary>
    public void Release() => _rows = null;

    /// <summary>The token at quantile u of a row, and its untempered log-probability.</summary>
    /// <param name="row">Which of the canvas's predicted rows.</param>
    /// <param name="u">Of [0, 1).</param>
    public (int Token, float Score) Draw(int row, double u)
    {
        var logits = _rows!.LogitsOf(row);
        double[] sums = _cumulative[row] ?? Accumulate(row, logits);
        int token = UpperBound(sums.AsSpan(0, logits.Length), u);
        return (token, logits[token] - _rows.LogNormalizers[row]);
    }

    double[] Accumulate(int row, ReadOnlySpan<float> logits)
    {
        double[] sums;
        if ((_kept + 1L) * logits.Length > KeptWeights)
        {
            if (_scratch.Length < logits.Length) _scratch = new double[logits.Length];
            sums = _scratch;
        }
        else
        {
            if (_kept == _pool.Count) _pool.Add(new double[logits.Length]);
            if (_pool[_kept].Length < logits.Length) _pool[_kept] = new double[logits.Length];
            sums = _cumulative[row] = _pool[_kept++];
        }
        double max = logits[_rows!.Tokens[row]], total = 0;
        for (int v = 0; v < logits.Length; v++)
        {
            total += Math.Exp((logits[v] - max) / _temperature); // exactly 0 for the mask's -inf
            sums[v] = total;
        }
        if ((_topK > 0 && _topK < logits.Length) || _topP < 1) Limit(sums.AsSpan(0, logits.Length), logits, max);
        return sums;
    }

    /// <summary>Leaves weight to the likeliest tokens alone: first the K, then those of them that hold a share p of what is left.</summary>
    void Limit(Span<double> sums, ReadOnlySpan<float> logits, double max)
    {
        if (_order.Length != logits.Length) _order = new int[logits.Length];
        var keys = sums; // ordered by logit, then by token
        for (int v = 0; v < _order.Length; v++) (_order[v], keys[v]) = (v, -(double)logits[v]);
        int count = _topK > 0 ? Math.Min(_topK, _order.Length) : _order.Length;
        keys.Sort(_order.AsSpan());
        EarlierFirst(keys, count);
        double total = 0, held = 0;
        for (int i = 0; i < count; i++) total += Weight(logits[_order[i]]);
        int among = 0;
        while (among < count && (among == 0 || Fits(Weight(logits[_order[among]])))) held += Weight(logits[_order[among++]]);
        Array.Sort(_order, 0, among);
        double sum = 0;
        for (int v = 0, next = 0; v < logits.Length; v++)
        {
            if (next < among && _order[next] == v)
            {
                sum += Weight(logits[v]);
                next++;
            }
            sums[v] = sum;
        }

        bool Fits(double weight) => _within ? held + weight <= _topP * total : held < _topP * total;

        double Weight(float logit) => Math.Exp((logit - max) / _temperature);
    }

    // The library's sort is not stable: of equal logits the earlier token comes first.
    void EarlierFirst(ReadOnlySpan<double> sorted, int count)
    {
        for (int from = 0, to; from < count; from = to)
        {
            for (to = from + 1; to < sorted.Length && sorted[to] == sorted[from];) to++;
            _order.AsSpan(from, to - from).Sort();
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
