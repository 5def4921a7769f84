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

    readonly LanguageModel model;
    readonly ITrainingProcess process;
    readonly EncodedPairs train;
    readonly EncodedPairs? validation;
    readonly TokenBudgetBatches batches;
    readonly TokenBudgetBatches? validationBatches;
    readonly double labelSmoothing;
    readonly int pad, annealSteps, accumulate;
    readonly bool rounds, divides;
    readonly long seed;

    /// <summary>Creates the task; <paramref name="validation"/> may be empty, <paramref name="precision"/> is settled.</summary>
    public DiffusionTask(LanguageModel model, ITrainingProcess process, EncodedPairs train, EncodedPairs validation, ObjectiveSettings objective, bool readsTexts, TrainingSettings training, Precision precision, int pad, long seed)
    {
        rounds = precision == Precision.Bfloat16;
        divides = readsTexts && objective.Attention == AttentionKind.Prefix;
        (this.model, this.process, this.train, this.pad, this.seed) = (model, process, train, pad, seed);
        (labelSmoothing, annealSteps, accumulate) = (objective.LabelSmoothing, objective.AnnealSteps, training.Accumulate);
        int batchTokens = training.BatchTokens;
        batches = new TokenBudgetBatches(Lengths(train), batchTokens, seed);
        if (validation.Count == 0) return;
        this.validation = validation;
        validationBatches = new TokenBudgetBatches(Lengths(validation), batchTokens, seed);
    }

    /// <inheritdoc/>
    public IDisposable? Step() => rounds ? model.RoundProducts() : null;

    /// <inheritdoc/>
    public Tensor? Loss(long number, out int tokens)
    {
        var batch = Batch(train, batches.Batch(number), batches.Epoch(number));
        var noised = process.Noise(batch, train, seed, batches.Epoch(number)) with
        {
            Annealing = AttentionAnnealing.At(number / accumulate, annealSteps, CounterRandom.For(seed, "attention annealing").At(number)),
        };
        tokens = noised.Tokens;
        model.train();
        model.DropFrom(CounterRandom.For(seed, "dropout of training").At(number));
        return process.Loss(model, noised, labelSmoothing);
    }

    /// <summary>The objective without label smoothing and with the attention that it comes to, averaged over the validation pairs.</summary>
    public double? Evaluate()
    {
        if (validation is null) return null;
        using var quiet = no_grad();
        using var step = Step();
        model.eval();
        double sum = 0;
        for (int i = 0; i < validationBatches!.PerEpoch; i++)
        {
            using var scope = NewDisposeScope();
            var batch = Batch(validation, validationBatches.Batch(i), ValidationEpoch);
            var loss = process.Loss(model, process.Noise(batch, validation, seed, ValidationEpoch), labelSmoothing: 0);
            if (loss is not null) sum += (double)loss.item<float>() * batch.Rows;
        }
        return sum / validation.Count;
    }

    // A prefix language model's texts have no prompts of their own: a random part of each is one.
    PairBatch Batch(EncodedPairs pairs, ReadOnlySpan<int> indices, long epoch)
    {
        var batch = new PairBatch(pairs, indices, pad);
        if (divides) batch.Divide(pairs, seed, epoch);
        return batch;
    }

    static int[] Lengths(EncodedPairs pairs) => [.. Enumerable.Range(0, pairs.Count).Select(pairs.Length)];
}
