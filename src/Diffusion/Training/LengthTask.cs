using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>Trains a length predictor on a frozen backbone's states of the prompts (reference A.6).</summary>
sealed class LengthTask : ITrainingTask
{
    readonly LanguageModel _backbone;
    readonly LengthPredictor _predictor;
    readonly AttentionKind _attention;
    readonly EncodedPairs _train, _validation;
    readonly TokenBudgetBatches _batches;
    readonly TokenBudgetBatches? _validationBatches;
    readonly int _pad, _newline, _blockLength;
    readonly long _seed;

    /// <summary>Creates the task. Pairs whose prompt was cut off entirely are left out.</summary>
    /// <exception cref="ArgumentException">No training pair has a prompt.</exception>
    public LengthTask(LanguageModel backbone, LengthPredictor predictor, AttentionKind attention, EncodedPairs train,
        EncodedPairs validation, int batchTokens, int pad, int newline, int blockLength, long seed)
    {
        (_backbone, _predictor, _attention, _train, _validation, _pad, _newline, _blockLength, _seed) =
            (backbone, predictor, attention, train, validation, pad, newline, blockLength, seed);
        backbone.eval();
        _batches = new TokenBudgetBatches(Lengths(train), batchTokens, seed);
        if (Lengths(validation) is var lengths && lengths.Any(l => l > 0))
            _validationBatches = new TokenBudgetBatches(lengths, batchTokens, seed);
    }

    /// <inheritdoc/>
    public IDisposable? Step() => null;

    /// <inheritdoc/>
    public Tensor? Loss(long number, out int tokens)
    {
        _predictor.train();
        _predictor.DropFrom(CounterRandom.For(_seed, "dropout of length training").At(number));
        return CrossEntropy(_train, _batches.Batch(number), out tokens);
    }

    /// <summary>The cross entropy of the length's class, averaged over the validation pairs.</summary>
    public double? Evaluate()
    {
        if (_validationBatches is null) return null;
        using var quiet = no_grad();
        _predictor.eval();
        double sum = 0;
        int count = 0;
        for (int i = 0; i < _validationBatches.PerEpoch; i++)
        {
            using var scope = NewDisposeScope();
            var batch = _validationBatches.Batch(i);
            sum += (double)CrossEntropy(_validation, batch, out _).item<float>() * batch.Length;
            count += batch.Length;
        }
        return sum / count;
    }

    Tensor CrossEntropy(EncodedPairs pairs, ReadOnlySpan<int> indices, out int tokens)
    {
        using var scope = NewDisposeScope();
        var batch = new PairBatch(pairs, indices, _pad, promptsOnly: true);
        tokens = batch.Tokens;
        var classes = Array.ConvertAll(batch.Indices,
            i => (long)Math.Min(LengthPredictor.ClassOf(pairs.ResponseLength(i)), _predictor.Classes - 1));
        var device = _backbone.Device;
        var ids = tensor(batch.Ids, [batch.Rows, batch.Columns], device: device); // (B, P)
        Tensor hidden;
        using (no_grad())
            hidden = _backbone.Hidden(ids,
                AttentionMasks.Of(_attention, batch.Ids, batch.Lengths, batch.PromptLengths, _newline, device, blockLength: _blockLength),
                parts: CanvasParts.PromptsOnly(batch.PromptLengths)); // (B, P, d)
        var present = tensor(AttentionMasks.Tokens(batch.Lengths, batch.Columns), [batch.Rows, batch.Columns], device: device);
        return F.cross_entropy(_predictor.Logits(hidden, present), tensor(classes, device: device)).MoveToOuterDisposeScope();
    }

    static int[] Lengths(EncodedPairs pairs) => [.. Enumerable.Range(0, pairs.Count).Select(pairs.PromptLength)];
}
