using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Diffusion.Tests.Processes;

/// <summary>The tensors of a golden file as flat arrays.</summary>
sealed class GoldenTensors(string file) : IDisposable
{
    readonly SafeTensorsReader _reader = SafeTensorsReader.Open(SharedData.Require("golden/" + file));

    public float[] Floats(string name) => _reader.ReadFloats(name);

    public int[] Ids(string name) => Array.ConvertAll(_reader.ReadIntegers(name), i => (int)i);

    /// <summary>Row r of a matrix with so many columns.</summary>
    public static float[] Row(float[] values, int r, int columns) => values[(r * columns)..((r + 1) * columns)];

    /// <summary>softmax of a row, tokens of which the probability is 0 left out.</summary>
    public static double[] Softmax(ReadOnlySpan<float> logits, params int[] never)
    {
        double[] p = new double[logits.Length];
        double max = double.NegativeInfinity, sum = 0;
        foreach (float logit in logits) max = Math.Max(max, logit);
        for (int v = 0; v < p.Length; v++) sum += p[v] = never.Contains(v) ? 0 : Math.Exp(logits[v] - max);
        for (int v = 0; v < p.Length; v++) p[v] /= sum;
        return p;
    }

    public void Dispose() => _reader.Dispose();
}
