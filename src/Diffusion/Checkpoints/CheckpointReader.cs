using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Adapters;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;
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
        if (files.Problems.Count == 0) CheckValues(files);
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
        var adapter = files.Adapter is null ? null : LoraFiles.Load(folder, model, files.Adapter);
        return new Checkpoint(folder, model, Specials(files), Tokenizer(files), settings, predictor,
            adapter)
        { TokenizerProblem = files.TokenizerProblem, Notes = files.Notes };
    }

    /// <summary>What a folder holds, without the weights' values.</summary>
    public static CheckpointSummary Summarise(string folder)
    {
        var files = Open(folder);
        using var predictor = files.Predictor;
        using var weights = files.Weights;
        if (files.Problems.Count > 0) throw new CheckpointException(folder, files.Problems);
        return CheckpointSummary.Of(files.Config!, weights!, Specials(files), Tokenizer(files), files.Settings, predictor is not null,
            files.Adapter) with
        { TokenizerProblem = files.TokenizerProblem, Notes = files.Notes };
    }

    /// <summary>The files of a folder, checked against each other.</summary>
    static CheckpointFiles Open(string folder)
    {
        var problems = new List<CheckpointProblem>();
        if (!Directory.Exists(folder))
            throw new CheckpointException(folder,
                [new CheckpointProblem(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), null, "the folder is missing")]);
        var config = ModelConfig.Read(folder, problems);
        var weights = WeightFiles.TryOpen(folder, config, problems);
        var notes = new List<string>();
        if (config is not null && weights is not null) config = weights.Settle(config, problems, notes);
        string predictorPath = Path.Combine(folder, LengthPredictor.FileName);
        var predictor = File.Exists(predictorPath) ? SafeTensorsReader.TryOpenListed(predictorPath, problems) : null;
        var settings = DiffusionSettings.Read(folder, problems);
        var tokenizer = OpenTokenizer(folder, out var tokenizerProblem);
        LoraPlan? adapter = null;
        if (config is not null)
        {
            weights?.Check(config, problems);
            if (predictor is not null) ModelFile.Check(predictor, LengthPredictor.Layout(config), problems);
            settings?.Check(config, problems);
            adapter = LoraFiles.Check(folder, config, problems);
            CheckTokenizer(tokenizer, settings, config, problems);
        }
        return new CheckpointFiles(problems, config, weights, predictor, settings, tokenizer,
            adapter)
        { TokenizerProblem = tokenizerProblem, Notes = notes };
    }

    /// <summary>Adds tensors that are not of finite numbers; the files' layouts are sound.</summary>
    static void CheckValues(CheckpointFiles files)
    {
        foreach (var reader in files.Weights!.Files)
            FiniteNumbers.Check(reader, files.Weights.Used(files.Config!).Where(name => files.Weights.Tensors[name] == reader),
                files.Problems);
        if (files.Predictor is { } predictor) FiniteNumbers.Check(predictor, predictor.Tensors.Keys, files.Problems);
    }

    /// <summary>The tokenizer in the model's ids, with the special tokens that the model was adapted with.</summary>
    static ITextTokenizer? Tokenizer(CheckpointFiles files)
    {
        if (files is not { Tokenizer: { } whole, Settings: { } settings }) return files.Tokenizer;
        var map = settings.Vocabulary is { } kept ? new VocabularyMap(kept) : null;
        int Whole(int id) => id < 0 || map is null ? id : map.ToTokenizer(id);
        var specials = new SpecialTokens(Whole(settings.Specials.Bos), Whole(settings.Specials.Pad), Whole(settings.Specials.Eos),
            Whole(settings.Specials.Unk), Whole(settings.Specials.Mask));
        if (specials != whole.Specials) whole =
            new SpecialsTokenizer(whole, specials, Math.Max(whole.VocabularySize, specials.Highest + 1));
        return map is null ? whole : new TrimmedTokenizer(whole, map);
    }

    static SpecialTokens Specials(CheckpointFiles files) =>
        files.Settings?.Specials ?? files.Config!.Family.Specials(files.Config, Tokenizer(files)?.Specials);

    /// <summary>
    /// A tokenizer that can't be read is no fault of the model's: token ids need none. Who needs texts asks for the problem.
    /// </summary>
    static ITextTokenizer? OpenTokenizer(string folder, out CheckpointProblem? problem)
    {
        problem = null;
        try
        {
            return TokenizerFolder.Open(folder);
        }
        catch (TokenizerException e)
        {
            problem = GitLfsPointer.Message(e.File) is { } pointer
                ? new CheckpointProblem(Path.GetFileName(e.File), null, pointer)
                : new CheckpointProblem(Path.GetFileName(e.File), null, e.Problem) { Line = e.Line, Column = e.Column };
            return null;
        }
    }

    static void CheckTokenizer(ITextTokenizer? tokenizer, DiffusionSettings? settings, ModelConfig config, List<CheckpointProblem> problems)
    {
        if (tokenizer is null) return;
        // Special tokens may stand behind the tokenizer's own: a mask that was added.
        int needed = settings?.Vocabulary is { } kept
            ? 1 + kept.Where((_, id) => !settings.Specials.Contains(id)).DefaultIfEmpty(-1).Max()
            : tokenizer.VocabularySize;
        if (settings?.Vocabulary is not null)
        {
            if (needed > tokenizer.VocabularySize)
                problems.Add(new CheckpointProblem(DiffusionSettings.FileName, "vocabulary", "the map has ids that the tokenizer lacks",
                    $"below {tokenizer.VocabularySize}", $"{needed - 1}"));
        }
        else if (needed > config.VocabularySize)
            problems.Add(new CheckpointProblem(ModelConfig.FileName, "vocab_size", "the model lacks ids that the tokenizer has",
                $"at least {needed}", $"{config.VocabularySize}"));
    }

    /// <summary>What was found in a folder; null where it is absent or can't be used.</summary>
    sealed record CheckpointFiles(List<CheckpointProblem> Problems, ModelConfig? Config, WeightFiles? Weights, SafeTensorsReader? Predictor,
        DiffusionSettings? Settings, ITextTokenizer? Tokenizer, LoraPlan? Adapter)
    {
        /// <summary>Why the tokenizer can't be read, or null.</summary>
        public CheckpointProblem? TokenizerProblem { get; init; }

        /// <summary>What was decided where the files don't agree.</summary>
        public IReadOnlyList<string> Notes { get; init; } = [];
    }
}
