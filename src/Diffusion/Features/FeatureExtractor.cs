using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Features;

/// <summary>
/// Texts as vectors of a model: the last layer's hidden states behind its closing normalisation. Of a model that reads from left to right
/// it is the state of the last token, which has seen all of the text, as MAUVE is published (Pillutla et al. 2021, with GPT-2); of all
/// others the mean over the text's tokens, without the specials around it. A text's vector is a function of the text and the model alone,
/// whatever is computed beside it.
/// </summary>
public sealed class FeatureExtractor
{
    readonly Checkpoint _checkpoint;
    readonly AttentionKind _attention;
    readonly int _batchTokens;

    /// <param name="checkpoint">The model.</param>
    /// <param name="batchTokens">Tokens, padding included, of one forward pass. It has no part in any number.</param>
    /// <exception cref="ArgumentException">The model has no such features (<see cref="Refusal"/>).</exception>
    public FeatureExtractor(Checkpoint checkpoint, int batchTokens = 4096)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchTokens, 1);
        if (Refusal(checkpoint.Model.Config) is { } refusal) throw new ArgumentException(refusal, nameof(checkpoint));
        (_checkpoint, _batchTokens) = (checkpoint, batchTokens);
        _attention = IsLeftToRight ? AttentionKind.Causal : checkpoint.Settings?.Attention ?? AttentionKind.Full;
        checkpoint.Model.eval();
    }

    /// <summary>Whether a vector is the last token's state; otherwise it is a mean.</summary>
    public bool IsLeftToRight => _checkpoint.IsLeftToRight;

    /// <summary>What the vectors are, for a report.</summary>
    public string Name => IsLeftToRight ? "features:lastToken" : "features:mean";

    /// <summary>The numbers of a vector.</summary>
    public int Width => _checkpoint.Model.Config.HiddenSize;

    /// <summary>The most tokens of a text; what is longer is cut behind them, as in the published code.</summary>
    public int MostTokens => _checkpoint.Model.UsablePositions - Before.Length - After.Length;

    /// <summary>Why a model has no features; null where it has.</summary>
    /// <param name="config">The model's config.json.</param>
    public static string? Refusal(ModelConfig config) => config?.Family.IsEncoderDecoder == true
        ? "an encoder-decoder has no features of a single text; expected a model of one stack" : null;

    int[] Before => IsLeftToRight || _checkpoint.Specials.Bos < 0 ? [] : [_checkpoint.Specials.Bos];

    int[] After => IsLeftToRight || _checkpoint.Specials.Eos < 0 ? [] : [_checkpoint.Specials.Eos];

    /// <summary>The vectors of texts, in their order. // (T)(Width)</summary>
    /// <param name="texts">Their tokens, at least one each.</param>
    /// <param name="cancellationToken">Ends the work between two passes.</param>
    public float[][] Of(IReadOnlyList<int[]> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var vectors = new float[texts.Count][];
        var waiting = new Dictionary<int, List<int>>(); // by columns, texts
        for (int i = 0; i < texts.Count; i++)
        {
            if (texts[i].Length == 0) throw new ArgumentException($"Text {i} has no token.", nameof(texts));
            int columns = CanvasShape.Padded(Canvas(texts[i]).Length);
            if (!waiting.TryGetValue(columns, out var batch)) waiting[columns] = batch = [];
            batch.Add(i);
            if ((batch.Count + 1L) * columns > _batchTokens) Run(columns, batch);
        }
        foreach (var (columns, batch) in waiting) Run(columns, batch);
        return vectors;

        void Run(int columns, List<int> batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (batch.Count > 0) Pass(columns, batch.ConvertAll(i => Canvas(texts[i])), (at, vector) => vectors[batch[at]] = vector);
            batch.Clear();
        }
    }

    int[] Canvas(int[] text) => [.. Before, .. text.AsSpan(0, Math.Min(text.Length, MostTokens)), .. After];

    void Pass(int columns, List<int[]> canvases, Action<int, float[]> deliver)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (model, specials) = (_checkpoint.Model, _checkpoint.Specials);
        long[] ids = new long[canvases.Count * columns];
        Array.Fill(ids, Math.Max(0, specials.Pad));
        int[] sizes = [.. canvases.Select(c => c.Length)];
        for (int b = 0; b < canvases.Count; b++)
            for (int i = 0; i < sizes[b]; i++) ids[(b * columns) + i] = canvases[b][i];
        int[] prompts = new int[sizes.Length];
        var mask = AttentionMasks.Of(_attention, ids, sizes, prompts, _checkpoint.Settings?.Newline ?? -1, model.Device,
            blockLength: _checkpoint.Settings?.BlockLength ?? 0);
        var hidden = model.Hidden(tensor(ids, [sizes.Length, columns], device: model.Device), mask, parts: new CanvasParts(sizes, prompts))
            .to(float32).cpu(); // (B, N, d)
        for (int b = 0; b < sizes.Length; b++)
        {
            using var inner = NewDisposeScope();
            var text = hidden[b].narrow(0, Before.Length, sizes[b] - Before.Length - After.Length); // (n, d)
            deliver(b, (IsLeftToRight ? text[-1] : text.to(float64).mean([0L])).to(float32).data<float>().ToArray());
        }
    }
}
