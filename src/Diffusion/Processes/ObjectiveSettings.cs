using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>What a model is trained to do.</summary>
public sealed record ObjectiveSettings
{
    /// <summary>The processes that can be trained.</summary>
    public static IReadOnlyList<string> Processes { get; } = ["absorbing", "mlm"];

    /// <summary>absorbing, where tokens become the mask with time; mlm, a masked language model's single share of them.</summary>
    public string Process { get; init; } = "absorbing";

    /// <summary>T, the number of discrete times.</summary>
    public int Timesteps { get; init; } = 50;

    /// <summary>The weight of the loss at a time.</summary>
    public LossWeighting Weighting { get; init; } = LossWeighting.Linear;

    /// <summary>Two coupled times a sequence, the later's masks a subset of the earlier's (A.3), or a single one.</summary>
    public bool Coupled { get; init; } = true;

    /// <summary>Label smoothing e, in [0, 1).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Which positions see which.</summary>
    public AttentionStrategy Attention { get; init; } = AttentionStrategy.Full;

    /// <summary>
    /// Whether the logits at a position are for the token after it, as a model that was trained left to right has them
    /// (Gong et al. 2024, DiffuLLaMA, section 3.2); a first token is then never masked.
    /// </summary>
    public bool Shift { get; init; }

    /// <summary>
    /// Steps in which the attention goes over from causal to <see cref="Attention"/> (DiffuLLaMA, section 3.2); 0: at once.
    /// </summary>
    public int AnnealSteps { get; init; }

    /// <summary>The share of tokens that a masked language model is trained on, in (0, 1].</summary>
    public double Ratio { get; init; } = 0.15;

    /// <summary>Whether a masked language model's words are masked whole.</summary>
    public bool WholeWord { get; init; }

    /// <summary>Whether this is masked-language-model training, on texts and not on pairs.</summary>
    public bool IsMaskedLanguage => Process == "mlm";

    /// <summary>What an encoder-decoder can't be trained to do, a line each.</summary>
    public IReadOnlyList<string> ValidateEncoderDecoder()
    {
        var problems = new List<string>();
        if (IsMaskedLanguage) problems.Add("process is 'mlm', which has no prompts for an encoder-decoder's encoder; expected absorbing");
        if (Shift) problems.Add("shift is true, and an encoder-decoder's first slot has none before it; expected false");
        return problems;
    }

    /// <summary>What is wrong with the settings, a line each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (!Processes.Contains(Process)) problems.Add($"process is '{Process}'; expected {string.Join(" or ", Processes)}");
        if (Timesteps < 1) problems.Add($"timesteps is {Timesteps}; expected at least 1");
        if (Ratio is not (> 0 and <= 1)) problems.Add($"ratio is {Ratio}; expected above 0 and at most 1");
        if (AnnealSteps < 0) problems.Add($"annealSteps is {AnnealSteps}; expected at least 0");
        if (LabelSmoothing is not (>= 0 and < 1)) problems.Add($"labelSmoothing is {LabelSmoothing}; expected from 0 to below 1");
        return problems;
    }
}
