using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Adapters;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>A finetune: what to train, on what, how, and where to leave it.</summary>
public sealed record FinetuneRequest
{
    /// <summary>The model to adapt or to make, with folders that can be opened.</summary>
    public required TrainingModel Model { get; init; }

    /// <summary>The training pairs, ids unique.</summary>
    public required IReadOnlyList<TrainingPair> Train { get; init; }

    /// <summary>The validation pairs; may be empty.</summary>
    public IReadOnlyList<TrainingPair> Validation { get; init; } = [];

    /// <summary>All pairs.</summary>
    internal IEnumerable<TrainingPair> Pairs => Train.Concat(Validation);

    /// <summary>Prompt and response around each pair.</summary>
    public PromptTemplate Template { get; init; } = PromptTemplate.Plain;

    /// <summary>The longest sequence in tokens; longer ones are cut from the left. At most the model's positions.</summary>
    public int MaxLength { get; init; } = 256;

    /// <summary>Whether the pairs are texts, packed one after another; the process may say so itself.</summary>
    public bool Packed { get; init; }

    /// <summary>Whether training is on packed texts.</summary>
    public bool ReadsTexts => Packed || Objective.ReadsTexts;

    /// <summary>Tokens that responses are filled up to with <c>&lt;/s&gt;</c>; null for none.</summary>
    public int? PadTo { get; init; }

    /// <summary>The process and its loss.</summary>
    public ObjectiveSettings Objective { get; init; } = new();

    /// <summary>Steps, rates and periods.</summary>
    public TrainingSettings Training { get; init; } = new();

    /// <summary>Drop the tokens that don't occur in the training pairs.</summary>
    public bool TrimVocabulary { get; init; }

    /// <summary>Names of parameters that stay as they are; <c>*</c> stands for any run of characters.</summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>Low-rank updates to train in place of the weights, or null.</summary>
    public LoraPlan? Lora { get; init; }

    /// <summary>How to train a length predictor, or null for none.</summary>
    public LengthPredictorTraining? LengthPredictor { get; init; }

    /// <summary>
    /// The type that the weights are written in, rounded to nearest; null for the one that each came in, F32 where that doesn't hold it.
    /// </summary>
    public WeightsType? Dtype { get; init; }

    /// <summary>The seed of all draws.</summary>
    public long Seed { get; init; }

    /// <summary>The checkpoint folder to make; it appears when it is complete.</summary>
    public required string Output { get; init; }

    /// <summary>Where the run keeps what it needs to resume; on the same volume as <see cref="Output"/>.</summary>
    public required string Work { get; init; }

    /// <summary>The clock of rates and remaining time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the model is trained; the CPU when null. Weights are the same bytes on one kind of device only.</summary>
    public TorchSharp.torch.Device? Device { get; init; }

    /// <summary>What an encoder-decoder can't be trained to do, a line each.</summary>
    public static IReadOnlyList<string> EncoderDecoderProblems(ObjectiveSettings objective)
    {
        var problems = new List<string>();
        if (objective.Process == "block")
            problems.Add("process is 'block', whose attention goes over prompt and response as one sequence; expected another for an "
                + "encoder-decoder");
        if (objective.ReadsTexts)
            problems.Add($"process is '{objective.Process}', which has no prompts for an encoder-decoder's encoder; expected one that "
                + $"trains on pairs");
        if (objective.Shift == true) problems.Add("shift is true, and an encoder-decoder's first slot has none before it; expected false");
        return problems;
    }

    /// <summary>What keeps a process from training a network that is there, a line each.</summary>
    public static IReadOnlyList<string> NetworkProblems(ObjectiveSettings objective, Models.ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return [.. config.Family.IsEncoderDecoder ? EncoderDecoderProblems(objective) : [],
            .. Models.Families.SeddFamily.ProcessProblems(objective, config.Family, config)];
    }

    /// <summary>What is wrong with the request, a line each; empty when it can be started.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (Train.Count == 0) problems.Add("there are no training pairs");
        if (MaxLength < 2) problems.Add($"maxLength is {MaxLength}; expected at least 2");
        if (Model.New is { } made)
        {
            problems.AddRange(Ranges.Problems(Model));
            problems.AddRange(made.Contradictions().Select(c => c.Message));
            if (Models.Families.ModelFamily.OfNew(made.Architecture) is { IsEncoderDecoder: true })
                problems.AddRange(EncoderDecoderProblems(Objective));
            if (Models.Families.ModelFamily.OfNew(made.Architecture) is { } family)
                problems.AddRange(Models.Families.SeddFamily.ProcessProblems(Objective, family, null));
            if (MaxLength > made.MaxPositions)
                problems.Add($"maxLength {MaxLength} is beyond the model's maxPositions, {made.MaxPositions}");
        }
        foreach (object settings in (object[])[Objective, Training, .. LengthPredictor is null ? (object[])[] : [LengthPredictor]])
            problems.AddRange(Ranges.Problems(settings));
        problems.AddRange(Training.Contradictions().Select(c => $"{c.Field}: {c.Message}"));
        if (Lora is not null) problems.AddRange(Ranges.Problems(Lora).Select(p => "lora." + p));
        problems.AddRange(Objective.Contradictions().Select(c => $"{c.Field}: {c.Message}"));
        if (TrimVocabulary && Pairs.Any(pair => pair.IsTokens))
            problems.Add("vocabulary.trim numbers the tokens anew, and some pairs are given as token ids");
        if (Model.New is { VocabularySize: not null } && Objective.WholeWord == true)
            problems.Add("wholeWord needs a tokenizer, which tells words apart");
        if (Model.Tokenizer?.Train is not null && Train.Count > 0 && Train.All(pair => pair.IsTokens))
            problems.Add("there are no texts to train a tokenizer on; a model of token ids alone takes model.new.vocabularySize in "
                + "its place");
        if (LengthPredictor is not null && Pairs.Any(pair => pair.PromptIds is { Length: 0 }))
            problems.Add("a length predictor needs prompts, and some pairs have none");
        if (LengthPredictor is not null && ReadsTexts) problems.Add("a length predictor needs prompts, and the process trains on texts");
        return problems;
    }
}
