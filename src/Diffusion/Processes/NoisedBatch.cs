using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// A batch after its noise: C copies of B sequences (C = 2 with coupled times), and what the loss needs of the masked
/// positions alone. All in flat arrays, made on the CPU in one go.
/// </summary>
public sealed record NoisedBatch
{
    /// <summary>C * B.</summary>
    public required int Rows { get; init; }

    /// <summary>N.</summary>
    public required int Columns { get; init; }

    /// <summary>x_t, row by row: the first copies, then the second. // (C * B * N)</summary>
    public required long[] InputIds { get; init; }

    /// <summary>Tokens of each row that aren't padding. // (C * B)</summary>
    public required int[] Lengths { get; init; }

    /// <summary>Prompt tokens of each row. // (C * B)</summary>
    public required int[] PromptLengths { get; init; }

    /// <summary>The masked positions, row * N + i, ascending. // (R)</summary>
    public required long[] Masked { get; init; }

    /// <summary>Where the network's states for them stand: the same positions, or, shifted, the ones before. // (R)</summary>
    public required long[] States { get; init; }

    /// <summary>x_0 at the masked positions. // (R)</summary>
    public required long[] Targets { get; init; }

    /// <summary>
    /// w(t) / maskable tokens of the row / (C B), or what the objective's normalizer says, of each masked position's row. // (R)
    /// </summary>
    public required float[] Weights { get; init; }

    /// <summary>T / maskable tokens of the row / (C B), for the label-smoothing term. // (R)</summary>
    public required float[] SmoothingWeights { get; init; }

    /// <summary>What is drawn with from the network itself, step by step; empty for processes that don't. // (steps * R)</summary>
    public double[] Uniforms { get; init; } = [];

    /// <summary>alpha of each predicted position's row, where the loss needs it. // (R), or empty</summary>
    public float[] Alphas { get; init; } = [];

    /// <summary>Gathers what the loss needs of the positions that it predicts.</summary>
    /// <param name="batch">x_0.</param>
    /// <param name="inputs">x_t: the first copies of all rows, then the second. // (C * B * N)</param>
    /// <param name="predicted">The positions whose x_0 is predicted. // (C * B * N)</param>
    /// <param name="weights">w(t) of each copy of each row. // (C * B)</param>
    /// <param name="smoothing">What the label-smoothing term counts for, on the same scale.</param>
    /// <param name="normalizer">What the loss is divided by.</param>
    /// <param name="shift">Whether the states before the predicted positions tell them.</param>
    internal static NoisedBatch Of(PairBatch batch, long[] inputs, ReadOnlySpan<bool> predicted, ReadOnlySpan<double> weights,
        double smoothing, LossNormalizer normalizer, bool shift)
    {
        int rows = weights.Length, n = batch.Columns, count = predicted.Count(true);
        var (lengths, prompts) = (new int[rows], new int[rows]);
        var (positions, targets) = (new long[count], new long[count]);
        var (each, smooth) = (new float[count], new float[count]);
        long tokens = 0;
        for (int row = 0; row < rows; row++)
        {
            (lengths[row], prompts[row]) = (batch.Lengths[row % batch.Rows], batch.PromptLengths[row % batch.Rows]);
            tokens += lengths[row] - prompts[row];
        }
        int r = 0;
        for (int row = 0; row < rows; row++)
        {
            double share = normalizer switch
            {
                LossNormalizer.Sequence => 1.0 / ((double)(lengths[row] - prompts[row]) * rows),
                LossNormalizer.Tokens => 1.0 / tokens,
                LossNormalizer.Masked => 1.0 / count,
                _ => 1.0 / rows,
            };
            float weight = (float)(weights[row] * share), smoothed = (float)(smoothing * share);
            for (int i = row * n; i < (row + 1) * n; i++)
                if (predicted[i]) (positions[r], targets[r], each[r], smooth[r++]) =
                    (i, batch.Ids[(row % batch.Rows * n) + i - (row * n)], weight, smoothed);
        }
        return new NoisedBatch
        {
            Rows = rows,
            Columns = n,
            InputIds = inputs,
            Lengths = lengths,
            PromptLengths = prompts,
            Masked = positions,
            States = shift ? Array.ConvertAll(positions, i => i - 1) : positions,
            Targets = targets,
            Weights = each,
            SmoothingWeights = smooth,
        };
    }

    /// <summary>How far the attention still is from the objective's own; null when it is there.</summary>
    public AttentionAnnealing? Annealing { get; init; }

    /// <summary>Where prompts and responses end.</summary>
    public CanvasParts Parts => new(Lengths, PromptLengths) { Sigmas = Sigmas };

    /// <summary>The noise level of each row, for networks that are told; otherwise null. // (C * B)</summary>
    public double[]? Sigmas { get; init; }

    /// <summary>Tokens in all rows that aren't padding, copies counted.</summary>
    public int Tokens => Lengths.Sum();
}
