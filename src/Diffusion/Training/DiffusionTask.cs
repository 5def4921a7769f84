using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>Trains a network on a process's loss.</summary>
sealed class DiffusionTask : ITrainingTask
{
    /// <summary>The epoch whose noise validation uses: no training epoch has it.</summary>
    const long ValidationEpoch = -1;

    readonly LanguageModel _model;
    readonly ITrainingProcess _process;
    readonly EncodedPairs _train;
    readonly EncodedPairs? _validation;
    readonly TokenBudgetBatches _batches;
    readonly TokenBudgetBatches? _validationBatches;
    readonly double _labelSmoothing;
    readonly int _pad, _annealSteps, _accumulate;
    readonly bool _rounds, _divides;
    readonly long _seed;

    /// <summary>Creates the task; <paramref name="validation"/> may be empty, <paramref name="precision"/> is settled.</summary>
    public DiffusionTask(LanguageModel model, ITrainingProcess process, EncodedPairs train, EncodedPairs validation,
        ObjectiveSettings objective, bool readsTexts, TrainingSettings training, Precision precision, int pad, long seed)
    {
        _rounds = precision == Precision.Bfloat16;
        _divides = readsTexts && objective.Attention == AttentionKind.Prefix;
        (_model, _process, _train, _pad, _seed) = (model, process, train, pad, seed);
        (_labelSmoothing, _annealSteps, _accumulate) = (objective.LabelSmoothing, objective.AnnealSteps, training.Accumulate);
        int batchTokens = training.BatchTokens;
        _batches = new TokenBudgetBatches(Lengths(train), batchTokens, seed);
        if (validation.Count == 0) return;
        _validation = validation;
        _validationBatches = new TokenBudgetBatches(Lengths(validation), batchTokens, seed);
    }

    /// <inheritdoc/>
    public IDisposable? Step() => _rounds ? _model.RoundProducts() : null;

    /// <inheritdoc/>
    public Tensor? Loss(long number, out int tokens)
    {
        var batch = Batch(_train, _batches.Batch(number), _batches.Epoch(number));
        var noised = _process.Noise(batch, _train, _seed, _batches.Epoch(number)) with
        {
            Annealing = AttentionAnnealing.At(number / _accumulate, _annealSteps,
                CounterRandom.For(_seed, "attention annealing").At(number)),
        };
        tokens = noised.Tokens;
        _model.train();
        _model.DropFrom(CounterRandom.For(_seed, "dropout of training").At(number));
        return _process.Loss(_model, noised, _labelSmoothing);
    }

    /// <summary>
    /// The objective without label smoothing and with the attention that it comes to, averaged over the validation pairs.
    /// </summary>
    public double? Evaluate()
    {
        if (_validation is null) return null;
        using var quiet = no_grad();
        using var step = Step();
        _model.eval();
        double sum = 0;
        for (int i = 0; i < _validationBatches!.PerEpoch; i++)
        {
            using var scope = NewDisposeScope();
            var batch = Batch(_validation, _validationBatches.Batch(i), ValidationEpoch);
            var loss = _process.Loss(_model, _process.Noise(batch, _validation, _seed, ValidationEpoch), labelSmoothing: 0);
            if (loss is not null) sum += (double)loss.item<float>() * batch.Rows;
        }
        return sum / _validation.Count;
    }

    // A prefix language model's texts have no prompts of their own: a random part of each is one.
    PairBatch Batch(EncodedPairs pairs, ReadOnlySpan<int> indices, long epoch)
    {
        var batch = new PairBatch(pairs, indices, _pad);
        if (_divides) batch.Divide(pairs, _seed, epoch);
        return batch;
    }

    static int[] Lengths(EncodedPairs pairs) => [.. Enumerable.Range(0, pairs.Count).Select(pairs.Length)];
}
