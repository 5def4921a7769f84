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

    /// <summary>w(t) / maskable tokens of the row / (C B), of each masked position's row. // (R)</summary>
    public required float[] Weights { get; init; }

    /// <summary>T / maskable tokens of the row / (C B), for the label-smoothing term. // (R)</summary>
    public required float[] SmoothingWeights { get; init; }

    /// <summary>What is drawn with from the network itself, step by step; empty for processes that don't. // (steps * R)</summary>
    public double[] Uniforms { get; init; } = [];

    /// <summary>How far the attention still is from the objective's own; null when it is there.</summary>
    public AttentionAnnealing? Annealing { get; init; }

    /// <summary>Where prompts and responses end.</summary>
    public CanvasParts Parts => new(Lengths, PromptLengths) { Sigmas = Sigmas };

    /// <summary>The noise level of each row, for networks that are told; otherwise null. // (C * B)</summary>
    public double[]? Sigmas { get; init; }

    /// <summary>Tokens in all rows that aren't padding, copies counted.</summary>
    public int Tokens => Lengths.Sum();
}
