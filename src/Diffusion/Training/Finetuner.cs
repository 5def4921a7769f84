using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Adapters;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>
/// Runs a finetune from texts to a checkpoint folder: tokenizer, packing, vocabulary, training, length predictor, files. Killed
/// or cancelled at any point and run again it gives the same folder, byte for byte, as an undisturbed run.
/// </summary>
public static class Finetuner
{
    /// <summary>Runs the request, going on from what its work folder holds.</summary>
    /// <exception cref="FinetuneException">The request can't be run.</exception>
    /// <exception cref="DivergedException">A loss, the gradient or the weights became infinite or not a number; the work folder holds the
    /// last checkpoint before that.</exception>
    /// <exception cref="CheckpointException">The model folder can't be used.</exception>
    /// <exception cref="TokenizerException">The tokenizer folder can't be used.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the work folder holds a checkpoint.</exception>
    public static FinetuneReport Run(FinetuneRequest request, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request = request with { Objective = request.Objective.Settled() };
        if (request.Validate() is { Count: > 0 } problems) throw new FinetuneException(problems);
        long started = request.Time.GetTimestamp();
        string key = RunKey.Of(request);
        Directory.CreateDirectory(request.Work);
        string trainState = Path.Combine(request.Work, "train.safetensors");

        using var source = FinetuneSource.Open(request, progress, cancellationToken);
        foreach (string note in source.Notes) progress?.Report(new TrainingProgress("load", 1, 1) { Note = note });
        using var prepared = source.Prepare(request, progress, cancellationToken);
        var (model, tokenizer, train, validation) = (prepared.Model, prepared.Tokenizer, prepared.Train, prepared.Validation);
        var (precision, sentence, isTold) =
            SettledPrecision.Of(request.Training.Precision, request.Device, model.Config.HiddenSize,
                TrainingState.PrecisionOf(trainState, key));
        var specials = tokenizer.Specials;
        int newline = request.Objective.Attention == AttentionKind.Blockwise ? LineBreak.Of(tokenizer) : -1;

        model.RecomputesActivations = request.Training.RecomputeActivations;
        using var adapter = Adapter(request, model);
        var trained = ParameterFreezer.Apply((NamedParameterModule?)adapter ?? model, request.Freeze);
        var context = new ProcessContext(
            request.Objective, specials, tokenizer.VocabularySize, newline, () => WordStarts.Of(tokenizer),
            () => train.ResponseCounts(tokenizer.VocabularySize))
        { Diffusion = (model as Sedd)?.Diffusion };
        var process = TrainingProcesses.All.Create(request.Objective.Process, context);
        var task = new DiffusionTask(model, process, train, validation, request.Objective, request.ReadsTexts, request.Training, precision,
            specials.Pad, request.Seed);
        progress?.Report(new TrainingProgress("precision", 1, 1) { Note = sentence });
        var outcome = new TrainingLoop("train", request.Training, trained, trainState, key, precision, request.Time).Run(task, progress,
            cancellationToken);

        bool apart = adapter is not null && !request.Lora!.Merge;
        if (!apart) adapter?.Merge();

        IEnumerable<EvaluationRecord> evaluations = outcome.Evaluations;
        List<string> notes = [.. source.Notes, .. isTold ? [sentence] : (string[])[]];
        if (outcome.Warning is { } rise) notes.Add(rise);
        using var predictor = request.LengthPredictor is null ? null : new LengthPredictor(model.Config, model.Device);
        if (predictor is not null)
        {
            predictor.Initialise(request.Seed);
            using var rounded = precision == Precision.Bfloat16 ? model.RoundProducts() : null; // once: the model doesn't change any more
            var lengthTask = new LengthTask(model, predictor, request.Objective.Attention ?? AttentionKind.Full, train, validation,
                request.Training.BatchTokens, specials.Pad, newline, process.BlockLength, request.Seed);
            var lengths = new TrainingLoop("length", LengthTraining(request), [.. predictor.Named],
                Path.Combine(request.Work, "length.safetensors"), key, precision, request.Time).Run(lengthTask, progress,
                    cancellationToken);
            evaluations = evaluations.Concat(lengths.Evaluations);
            if (lengths.Warning is { } lengthRise) notes.Add(lengthRise);
        }

        var report = new FinetuneReport
        {
            TrainPairs = train.Count,
            TrainTruncated = train.Truncated,
            ValidationPairs = validation.Count,
            ValidationTruncated = validation.Truncated,
            VocabularySize = model.VocabularySize,
            Parameters = model.Named.Values.Sum(p => p.numel()),
            TrainedParameters = trained.Sum(p => p.Value.numel()),
            Precision = precision,
            Notes = notes,
            InitialValidationLoss = outcome.InitialValidationLoss,
            ResumedFrom = outcome.ResumedFrom,
            Evaluations = [.. evaluations],
            TokensPerSecond = outcome.Tokens / Math.Max(outcome.Seconds, 1e-9),
            Seconds = request.Time.GetElapsedTime(started).TotalSeconds,
        };
        progress?.Report(new TrainingProgress("write", 0, 1));
        CheckpointWriter.Save(request.Output, model, tokenizer, Settings(request, process, context, model, tokenizer), predictor,
            report.Evaluations.Select(e => e.ToJson()), apart
                ? adapter
                : null, request.Dtype switch { null => null, WeightsType.Bfloat16 => SafeTensorType.BF16, _ => SafeTensorType.F32 });
        progress?.Report(new TrainingProgress("write", 1, 1));
        return report;
    }

    /// <summary>The updates to train in place of the model's own weights, or null.</summary>
    static LoraAdapter? Adapter(FinetuneRequest request, LanguageModel model)
    {
        if (request.Lora is not { } settings) return null;
        var problems = new List<string>();
        var projections = settings.Find(model.Config, problems);
        if (problems.Count > 0) throw new FinetuneException(problems);
        foreach (var (_, parameter) in model.Named) parameter.requires_grad = false;
        var adapter = new LoraAdapter(model, settings, projections);
        adapter.Initialise(request.Seed);
        return adapter;
    }

    static DiffusionSettings Settings(FinetuneRequest request, ITrainingProcess process, ProcessContext context, LanguageModel model,
        ITextTokenizer tokenizer) => new()
        {
            Process = request.Objective.Process,
            Timesteps = request.Objective.Timesteps,
            Weighting = request.Objective.Weighting,
            Attention = request.Objective.Attention ?? AttentionKind.Full,
            Shift = request.Objective.Shift ?? false,
            BlockLength = process.BlockLength > 0 ? process.BlockLength : null,
            Prompt = request.Template.Prompt,
            Target = request.Template.Target,
            MaxLength = request.MaxLength,
            Specials = tokenizer.Specials,
            Newline = context.Newline < 0 ? null : context.Newline,
            Noise = request.Objective.Process == MultinomialProcess.Name ? NoiseSettings.Of(context) : null,
            Vocabulary = tokenizer is TrimmedTokenizer trimmed ? [.. trimmed.Vocabulary.Kept] : null,
            NoiseSchedule = SeddFamily.NoiseOf(model.Config)?.Kind,
            SigmaMin = SeddFamily.NoiseOf(model.Config) is { Kind: NoiseKind.Geometric } least ? least.Minimum : null,
            SigmaMax = SeddFamily.NoiseOf(model.Config) is { Kind: NoiseKind.Geometric } most ? most.Maximum : null,
        };

    /// <summary>The predictor's own schedule: a tenth of the steps up, the rest down along a cosine.</summary>
    static TrainingSettings LengthTraining(FinetuneRequest request) => request.Training with
    {
        Steps = request.LengthPredictor!.Steps,
        Accumulate = 1,
        LearningRate = LengthPredictor.LearningRate,
        MinLearningRate = 0,
        WarmupSteps = request.LengthPredictor.Steps / 10,
        Schedule = LearningRateSchedule.Cosine,
        Ema = null,
    };
}
