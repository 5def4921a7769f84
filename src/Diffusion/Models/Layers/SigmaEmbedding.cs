using DiffusionBatch.Diffusion.Models.Families;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// What a noise level conditions a network by: its cosines and sines at frequencies from 1 down to 1 / 10000, through a perceptron of two
/// layers, and SiLU (Peebles and Xie 2023, arXiv 2212.09748, section 3.2).
/// </summary>
sealed class SigmaEmbedding(LanguageModel model)
{
    const double LongestPeriod = 10000;

    static readonly Func<Tensor, Tensor> s_silu = Activation.Of("silu");

    readonly Affine _first = model.Projection("sigma_map.mlp.0"), _second = model.Projection("sigma_map.mlp.2");

    /// <summary>
    /// The conditioning of each noise level; rows behind them, up to a multiple of 16, pad them (<see cref="CanvasShape.PaddedRows"/>).
    /// </summary>
    /// <param name="sigmas">// (B)</param>
    /// <returns>// (at least B, cond)</returns>
    public Tensor Of(IReadOnlyList<double> sigmas)
    {
        using var scope = NewDisposeScope();
        const int half = SeddFamily.FrequencyWidth / 2;
        int rows = CanvasShape.PaddedRows(sigmas.Count);
        var waves = new float[rows * 2 * half];
        for (int b = 0; b < sigmas.Count; b++)
            for (int i = 0; i < half; i++)
            {
                double angle = sigmas[b] * Math.Exp(-Math.Log(LongestPeriod) * i / half);
                (waves[b * 2 * half + i], waves[b * 2 * half + half + i]) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
            }
        var inner = s_silu(_first.Of(tensor(waves, [rows, 2 * half], device: model.Device)).to(float32));
        return s_silu(_second.Of(inner).to(float32)).MoveToOuterDisposeScope();
    }
}
