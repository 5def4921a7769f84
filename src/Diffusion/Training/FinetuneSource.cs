using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>A finetune's starting point: the checkpoint that was loaded, if any, and the tokenizer.</summary>
sealed class FinetuneSource : IDisposable
{
    readonly Checkpoint? checkpoint;
    readonly ITextTokenizer tokenizer;

    FinetuneSource(Checkpoint? checkpoint, ITextTokenizer tokenizer) => (this.checkpoint, this.tokenizer) = (checkpoint, tokenizer);

    /// <summary>Loads the folder, or opens or trains the new model's tokenizer.</summary>
    public static FinetuneSource Open(FinetuneRequest request, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (request.Model is ModelSource.Folder folder)
        {
            var checkpoint = Checkpoint.Load(folder.Path, request.Device);
            if (checkpoint.Tokenizer is { } found && request.MaxLength <= checkpoint.Model.UsablePositions) return new FinetuneSource(checkpoint, found);
            using (checkpoint)
                throw new FinetuneException([checkpoint.Tokenizer is null
                    ? checkpoint.TokenizerProblem is { } problem ? $"{folder.Path}: {problem}" : $"{folder.Path} has no tokenizer; texts can't be trained on without one"
                    : $"maxLength {request.MaxLength} is beyond the model's {checkpoint.Model.UsablePositions} positions"]);
        }
        var source = ((ModelSource.New)request.Model).Tokenizer;
        progress?.Report(new TrainingProgress("tokenizer", 0, 1));
        var tokenizer = source switch
        {
            TokenizerSource.Folder f => TokenizerFolder.Open(f.Path) ?? throw new FinetuneException([$"{f.Path} has no tokenizer"]),
            TokenizerSource.TrainBpe bpe => BpeTrainer.Train(Texts(request), bpe.VocabularySize, cancellationToken),
            _ => throw new InvalidOperationException($"Unknown tokenizer source {source}."),
        };
        progress?.Report(new TrainingProgress("tokenizer", 1, 1));
        return new FinetuneSource(null, tokenizer);
    }

    /// <summary>Encodes the pairs, trims the vocabulary where asked, and makes the model that is to be trained.</summary>
    public PreparedFinetune Prepare(FinetuneRequest request, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var (bos, pad, eos, unk, mask) = tokenizer.Specials;
        if (bos < 0 || pad < 0 || eos < 0 || unk < 0 || mask < 0)
            throw new FinetuneException([$"the tokenizer lacks a special token; expected <s>, <pad>, </s>, <unk> and <mask>, found {tokenizer.Specials}"]);
        int all = request.Train.Count + request.Validation.Count;
        FinetuneData Encode(IReadOnlyList<TextPair> pairs, int before) => FinetuneData.Encode(pairs, request.Template, tokenizer,
            done => progress?.Report(new TrainingProgress("encode", before + done, all)), cancellationToken);
        var train = Encode(request.Train, 0);
        var validation = Encode(request.Validation, request.Train.Count);
        progress?.Report(new TrainingProgress("encode", all, all));

        var map = request.TrimVocabulary ? VocabularyTrimmer.Plan(train.Used(tokenizer.VocabularySize), tokenizer.Specials) : null;
        var settled = map is null ? tokenizer : Trimmed(map);
        var specials = settled.Specials;
        Func<int, int>? toModel = map is null ? null : id => map.ToModel(id) is >= 0 and var kept ? kept : specials.Unk;
        return new PreparedFinetune(Model(request, settled, map), settled, train.Pack(request.MaxLength, specials, toModel), validation.Pack(request.MaxLength, specials, toModel));
    }

    /// <summary>The tokenizer in the ids that are left; a vocabulary that was trimmed before is trimmed further.</summary>
    TrimmedTokenizer Trimmed(VocabularyMap map) => tokenizer is TrimmedTokenizer before
        ? new TrimmedTokenizer(before.Inner, before.Vocabulary.Then(map))
        : new TrimmedTokenizer(tokenizer, map);

    LanguageModel Model(FinetuneRequest request, ITextTokenizer settled, VocabularyMap? map)
    {
        if (checkpoint is not null) return map is null ? checkpoint.Model : VocabularyTrimmer.Trim(checkpoint.Model, map);
        var config = ModelConfig.Create(((ModelSource.New)request.Model).Spec, settled.VocabularySize, settled.Specials);
        var model = config.Family.Build(config, request.Device);
        model.Initialise(request.Seed);
        return model;
    }

    static IEnumerable<string> Texts(FinetuneRequest request) =>
        request.Train.SelectMany(pair => (string[])[request.Template.RenderPrompt(pair.Source), request.Template.RenderTarget(pair.Target)]);

    public void Dispose() => checkpoint?.Dispose();
}
