using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>
/// A network as a model of the token after a sequence: whose attention is causal, or full within the prompt and causal behind it.
/// </summary>
/// <param name="Network">In evaluation mode.</param>
/// <param name="Attention"><see cref="AttentionKind.Prefix"/> for a prompt that sees all of itself; otherwise causal.</param>
/// <param name="Never">A token that is never emitted; -1 for none.</param>
internal sealed record SequenceModel(LanguageModel Network, AttentionKind Attention, int Never)
{
    float[] _logits = [];

    /// <summary>Whether products are computed in bfloat16.</summary>
    public bool Rounds { get; init; }

    /// <summary>Marks what a position sees.</summary>
    /// <param name="row">All false. // (columns)</param>
    /// <param name="position">The position that sees.</param>
    /// <param name="prompt">Tokens of the prompt.</param>
    public void See(Span<bool> row, int position, int prompt) =>
        row[..(Attention == AttentionKind.Prefix ? Math.Max(prompt, position + 1) : position + 1)].Fill(true);

    /// <summary>Argmax and log-probability of rows of hidden states, the first of which are wanted.</summary>
    /// <param name="hidden">// (R padded, d)</param>
    /// <param name="rows">R.</param>
    /// <param name="wantsLogits">Whether the rows themselves are wanted.</param>
    public CanvasRows Predict(Tensor hidden, int rows, bool wantsLogits)
    {
        using var scope = NewDisposeScope();
        var scores = Network.Logits(hidden).to(ScalarType.Float32); // (R padded, V)
        var predicted = new CanvasRows((int)hidden.size(0));
        RowSummary.Of(scores, Never, predicted.Tokens, predicted.Scores, predicted.LogNormalizers);
        TorchDenoiser.RequireNumbers(predicted.LogNormalizers.AsSpan(0, rows), "model's");
        for (int r = 0; r < rows; r++) predicted.Scores[r] -= predicted.LogNormalizers[r];
        if (!wantsLogits) return predicted;
        if (_logits.Length < scores.numel()) _logits = new float[scores.numel()];
        scores.cpu().data<float>().CopyTo(_logits);
        predicted.Logits = _logits.AsMemory(0, (int)scores.numel());
        return predicted;
    }
}
