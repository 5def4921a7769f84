using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>Reads a checkpoint folder: checks every file against the others first, and only then takes memory.</summary>
static class CheckpointReader
{
    /// <summary>Reads a folder; null where only its check was wanted.</summary>
    public static Checkpoint? Read(string folder, Device? device, bool loadWeights, IProgress<LoadProgress>? progress = null)
    {
        var files = Open(folder);
        using var predictorWeights = files.Predictor;
        if (files.Problems.Count > 0 || !loadWeights) files.Weights?.Dispose();
        if (files.Problems.Count > 0) throw new CheckpointException(folder, files.Problems);
        if (!loadWeights) return null;

        var (config, settings) = (files.Config!, files.Settings);
        var model = config.Family.Build(config, device);
        files.Weights!.Load(model, progress);
        model.Origin = files.Weights;
        model.eval();
        LengthPredictor? predictor = null;
        if (predictorWeights is not null)
        {
            predictor = new LengthPredictor(config, device);
            ModelFile.Load(predictorWeights, predictor);
            predictor.eval();
        }
        return new Checkpoint(folder, model, Specials(files), Tokenizer(files), settings, predictor) { TokenizerProblem = files.TokenizerProblem };
    }

    /// <summary>What a folder holds, without the weights' values.</summary>
    public static CheckpointSummary Summarise(string folder)
    {
        var files = Open(folder);
        using var predictor = files.Predictor;
        using var weights = files.Weights;
        if (files.Problems.Count > 0) throw new CheckpointException(folder, files.Problems);
        return CheckpointSummary.Of(files.Config!, weights!, Specials(files), Tokenizer(files), files.Settings, predictor is not null) with { TokenizerProblem = files.TokenizerProblem };
    }

    /// <summary>The files of a folder, checked against each other.</summary>
    static CheckpointFiles Open(string folder)
    {
        var problems = new List<CheckpointProblem>();
        if (!Directory.Exists(folder))
            throw new CheckpointException(folder, [new CheckpointProblem(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), null, "the folder is missing")]);
        var config = ModelConfig.Read(folder, problems);
        var weights = WeightFiles.TryOpen(folder, problems);
        string predictorPath = Path.Combine(folder, LengthPredictor.FileName);
        var predictor = File.Exists(predictorPath) ? SafeTensorsReader.TryOpenListed(predictorPath, problems) : null;
        var settings = DiffusionSettings.Read(folder, problems);
        var tokenizer = OpenTokenizer(folder, out var tokenizerProblem);
        if (config is not null)
        {
            weights?.Check(config, problems);
            if (predictor is not null) ModelFile.Check(predictor, LengthPredictor.Layout(config), problems);
            settings?.Check(config, problems);
            CheckTokenizer(tokenizer, settings, config, problems);
        }
        return new CheckpointFiles(problems, config, weights, predictor, settings, tokenizer) { TokenizerProblem = tokenizerProblem };
    }

    /// <summary>The tokenizer in the model's ids.</summary>
    static ITextTokenizer? Tokenizer(CheckpointFiles files) =>
        files.Tokenizer is { } whole && files.Settings?.Vocabulary is { } kept ? new TrimmedTokenizer(whole, new VocabularyMap(kept)) : files.Tokenizer;

    static SpecialTokens Specials(CheckpointFiles files) =>
        files.Settings?.Specials ?? Tokenizer(files)?.Specials ?? WithoutTokenizer(files.Config!);

    /// <summary>Without a tokenizer the mask is the vocabulary's last id; the others come from config.json.</summary>
    static SpecialTokens WithoutTokenizer(ModelConfig config)
    {
        int Known(int id) => id < config.VocabularySize ? id : -1; // GPT-2's own ids stand in the config of small relatives
        return new(Known(config.BosTokenId), Known(config.PadTokenId), Known(config.EosTokenId), -1, config.VocabularySize - 1);
    }

    /// <summary>A tokenizer that can't be read is no fault of the model's: token ids need none. Who needs texts asks for the problem.</summary>
    static ITextTokenizer? OpenTokenizer(string folder, out CheckpointProblem? problem)
    {
        problem = null;
        try
        {
            return TokenizerFolder.Open(folder);
        }
        catch (TokenizerException e)
        {
            problem = new CheckpointProblem(Path.GetFileName(e.File), e.Line is null ? null : $"line {e.Line}", e.Problem);
            return null;
        }
    }

    static void CheckTokenizer(ITextTokenizer? tokenizer, DiffusionSettings? settings, ModelConfig config, List<CheckpointProblem> problems)
    {
        if (tokenizer is null) return;
        int needed = settings?.Vocabulary is { Length: > 0 } kept ? kept[^1] + 1 : tokenizer.VocabularySize;
        if (settings?.Vocabulary is not null)
        {
            if (needed > tokenizer.VocabularySize)
                problems.Add(new CheckpointProblem(DiffusionSettings.FileName, "vocabulary", "the map has ids that the tokenizer lacks", $"below {tokenizer.VocabularySize}", $"{needed - 1}"));
        }
        else if (needed > config.VocabularySize)
            problems.Add(new CheckpointProblem(ModelConfig.FileName, "vocab_size", "the model lacks ids that the tokenizer has", $"at least {needed}", $"{config.VocabularySize}"));
    }

    /// <summary>What was found in a folder; null where it is absent or can't be used.</summary>
    sealed record CheckpointFiles(List<CheckpointProblem> Problems, ModelConfig? Config, WeightFiles? Weights, SafeTensorsReader? Predictor, DiffusionSettings? Settings, ITextTokenizer? Tokenizer)
    {
        /// <summary>Why the tokenizer can't be read, or null.</summary>
        public CheckpointProblem? TokenizerProblem { get; init; }
    }
}
