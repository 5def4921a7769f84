using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>
/// The network that training aims at: the exact conditionals p(x_i | what is visible) of a Markov chain, whose mask is the last id.
/// </summary>
sealed class MarkovDenoiser(double[] initial, double[][] transition) : IDenoiser
{
    readonly int _v = initial.Length;

    public int VocabularySize => _v + 1;

    public int Mask => _v;

    public int UsablePositions => 1024;

    public bool PredictsLengths => false;

    /// <summary>A chain of three tokens.</summary>
    public static MarkovDenoiser Small { get; } = new([0.5, 0.3, 0.2], [[0.1, 0.6, 0.3], [0.7, 0.2, 0.1], [0.25, 0.25, 0.5]]);

    public CanvasShape ShapeOf(int prompt, int tokens, (int From, int To)? block = null) => CanvasShape.Joint(tokens);

    public float[][] PredictLengths(IReadOnlyList<int[]> prompts) => throw new NotSupportedException();

    /// <summary>log p of a whole sequence.</summary>
    public double LogProbability(ReadOnlySpan<int> x)
    {
        double sum = Math.Log(initial[x[0]]);
        for (int i = 1; i < x.Length; i++) sum += Math.Log(transition[x[i - 1]][x[i]]);
        return sum;
    }

    /// <summary>p(x_i | visible), of a visible position without what stands there itself. // (V)</summary>
    public double[] Conditional(ReadOnlySpan<int> x, int position)
    {
        double[] forward = [.. initial];
        for (int i = 0; i < position; i++)
        {
            double[] next = new double[_v];
            for (int a = 0; a < _v; a++)
                if (x[i] == _v || x[i] == a)
                    for (int b = 0; b < _v; b++) next[b] += forward[a] * transition[a][b];
            forward = next;
        }
        double[] backward = [.. Enumerable.Repeat(1.0, _v)];
        for (int i = x.Length - 1; i > position; i--)
        {
            double[] next = new double[_v];
            for (int a = 0; a < _v; a++)
                for (int b = 0; b < _v; b++)
                    if (x[i] == _v || x[i] == b) next[a] += transition[a][b] * backward[b];
            backward = next;
        }
        double[] p = [.. forward.Zip(backward, (f, b) => f * b)];
        double total = p.Sum();
        return [.. p.Select(w => w / total)];
    }

    public void Predict(IReadOnlyList<CanvasRequest> requests, Action<int, CanvasRows> deliver)
    {
        for (int c = 0; c < requests.Count; c++)
        {
            var request = requests[c];
            var rows = new CanvasRows(request.Rows.Length);
            float[] all = new float[request.Rows.Length * VocabularySize];
            for (int r = 0; r < request.Rows.Length; r++)
            {
                var row = all.AsSpan(r * VocabularySize, VocabularySize);
                double[] p = Conditional(request.Slots, request.Rows[r]);
                for (int t = 0; t < _v; t++) row[t] = (float)Math.Log(p[t]);
                row[_v] = float.NegativeInfinity;
                (rows.Tokens[r], rows.Scores[r], rows.LogNormalizers[r]) = FakeDenoiser.Summarize(row);
            }
            rows.Logits = all;
            deliver(c, rows);
        }
    }
}
