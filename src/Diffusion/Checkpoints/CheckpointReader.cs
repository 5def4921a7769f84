using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>Reads a checkpoint folder: checks every file against the others first, and only then takes memory.</summary>
static class CheckpointReader
{
    public static Checkpoint? Read(string folder, Device? device, bool loadWeights)
    {
        var problems = new List<CheckpointProblem>();
        if (!Directory.Exists(folder))
            throw new CheckpointException(folder, [new CheckpointProblem(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), null, "the folder is missing")]);
        var config = ModelConfig.Read(folder, problems);
        using var weights = SafeTensorsReader.TryOpenListed(Path.Combine(folder, ModelFile.Name), problems);
        string predictorPath = Path.Combine(folder, LengthPredictor.FileName);
        using var predictorWeights = File.Exists(predictorPath) ? SafeTensorsReader.TryOpenListed(predictorPath, problems) : null;
        var settings = DiffusionSettings.Read(folder, problems);
        var tokenizer = OpenTokenizer(folder, problems);
        if (config is not null)
        {
            if (weights is not null) ModelFile.Check(weights, RobertaLayout.Of(config), problems, RobertaLayout.Aliases, RobertaLayout.IsIgnored);
            if (predictorWeights is not null) ModelFile.Check(predictorWeights, LengthPredictor.Layout(config), problems);
            settings?.Check(config, problems);
            CheckTokenizer(tokenizer, settings, config, problems);
        }
        if (problems.Count > 0) throw new CheckpointException(folder, problems);
        if (!loadWeights) return null;

        if (tokenizer is not null && settings?.Vocabulary is { } kept) tokenizer = new TrimmedTokenizer(tokenizer, new VocabularyMap(kept));
        var model = new XlmRoberta(config!, device);
        ModelFile.Load(weights!, model, RobertaLayout.Aliases);
        model.eval();
        LengthPredictor? predictor = null;
        if (predictorWeights is not null)
        {
            predictor = new LengthPredictor(config!, device);
            ModelFile.Load(predictorWeights, predictor);
            predictor.eval();
        }
        var specials = settings?.Specials ?? tokenizer?.Specials ?? WithoutTokenizer(config!);
        return new Checkpoint(folder, model, specials, tokenizer, settings, predictor);
    }

    /// <summary>Without a tokenizer the mask is the vocabulary's last id; the others come from config.json.</summary>
    static SpecialTokens WithoutTokenizer(ModelConfig config) =>
        new(config.BosTokenId, config.PadTokenId, config.EosTokenId, -1, config.VocabularySize - 1);

    static ITextTokenizer? OpenTokenizer(string folder, List<CheckpointProblem> problems)
    {
        try
        {
            return TokenizerFolder.Open(folder);
        }
        catch (TokenizerException e)
        {
            problems.Add(new CheckpointProblem(Path.GetFileName(e.File), e.Line is null ? null : $"line {e.Line}", e.Problem));
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
}
