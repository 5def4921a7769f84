using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>A finetune's starting point: the checkpoint that was loaded, if any, and the tokenizer.</summary>
sealed class FinetuneSource : IDisposable
{
    readonly Checkpoint? _checkpoint;
    readonly ITextTokenizer _tokenizer;

    FinetuneSource(Checkpoint? checkpoint, ITextTokenizer tokenizer) => (_checkpoint, _tokenizer) = (checkpoint, tokenizer);

    /// <summary>Loads the folder, or opens or trains the new model's tokenizer.</summary>
    public static FinetuneSource Open(FinetuneRequest request, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (request.Model.From is { } folder)
        {
            var checkpoint = Checkpoint.Load(folder, request.Device, progress is null ? null : new Loading(progress));
            if (FinetuneRequest.NetworkProblems(request.Objective, checkpoint.Model.Config) is { Count: > 0 } problems)
                using (checkpoint) throw new FinetuneException(problems);
            checkpoint.Model.Config = checkpoint.Model.Config.WithProcess(request.Objective);
            bool isReadable = checkpoint.Tokenizer is not null || request.Pairs.All(pair => pair.IsTokens);
            if (isReadable && request.MaxLength <= checkpoint.Model.UsablePositions)
                return new FinetuneSource(checkpoint, checkpoint.Tokenizer
                    ?? new IdVocabulary(checkpoint.Model.VocabularySize, checkpoint.Specials));
            using (checkpoint)
                throw new FinetuneException([!isReadable
                    ? checkpoint.TokenizerProblem is { } problem
                    ? $"{folder}: {problem}"
                    : $"{folder} has no tokenizer; texts can't be trained on without one"
                    : $"maxLength {request.MaxLength} is beyond the model's {checkpoint.Model.UsablePositions} positions"]);
        }
        if (request.Model.Tokenizer is not { } source)
            return new FinetuneSource(null, IdVocabulary.Of(request.Model.New!.VocabularySize!.Value));
        progress?.Report(new TrainingProgress("tokenizer", 0, 1));
        var tokenizer = source.From is { } from
            ? TokenizerFolder.Open(from) ?? throw new FinetuneException([$"{from} has no tokenizer"])
            : BpeTrainer.Train(Texts(request), source.VocabularySize, cancellationToken);
        progress?.Report(new TrainingProgress("tokenizer", 1, 1));
        return new FinetuneSource(null, tokenizer);
    }

    /// <summary>What was decided where the checkpoint's files don't agree, a sentence each.</summary>
    public IReadOnlyList<string> Notes => _checkpoint?.Notes ?? [];

    /// <summary>
    /// Encodes the pairs, adds a mask token and trims the vocabulary where that is asked for, and makes the model that is to be trained.
    /// </summary>
    public PreparedFinetune Prepare(FinetuneRequest request, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        // An adapter that came with the model becomes part of it.
        _checkpoint?.Adapter?.Merge();
        var whole = WithSpecials(request);
        int all = request.Train.Count + request.Validation.Count;
        if (request.Pairs.FirstOrDefault(pair => pair.HighestId >= whole.VocabularySize) is { } beyond)
            throw new FinetuneException(
                [$"the pair \"{beyond.Id}\" has the token id {beyond.HighestId}; expected ids below {whole.VocabularySize}"]);
        var template = request.ReadsTexts ? PromptTemplate.Plain : request.Template;
        FinetuneData Encode(IReadOnlyList<TrainingPair> pairs, int before) => FinetuneData.Encode(pairs, template, whole,
            done => progress?.Report(new TrainingProgress("encode", before + done, all)), cancellationToken);
        var train = Encode(request.Train, 0);
        var validation = Encode(request.Validation, request.Train.Count);
        progress?.Report(new TrainingProgress("encode", all, all));

        int lineBreak = request.Objective.Attention == AttentionKind.Blockwise ? LineBreak.Of(whole) : -1;
        if (lineBreak < 0 && request.Objective.Attention == AttentionKind.Blockwise)
            throw new FinetuneException(
                ["blockwise attention needs a token for a line break, which ends a block, and the tokenizer has none"]);
        var map = request.TrimVocabulary ? VocabularyTrimmer.Plan(Used(train, whole, lineBreak), whole.Specials) : null;
        var settled = map is null ? whole : Trimmed(whole, map);
        var specials = settled.Specials;
        Func<int, int>? toModel = map is null ? null : id => map.ToModel(id) is >= 0 and var kept ? kept : specials.Unk;
        return new PreparedFinetune(Model(request, settled, map), settled, Pack(train), Pack(validation));

        EncodedPairs Pack(FinetuneData data) =>
            request.ReadsTexts
                ? data.PackTexts(request.MaxLength, specials, toModel)
                : data.Pack(request.MaxLength, specials, toModel, request.PadTo ?? 0);
    }

    /// <summary>
    /// The tokenizer with all special tokens that are needed. A model that was trained left to right brings no mask, nor does its
    /// tokenizer where a new model takes it: one is added behind the vocabulary; the end of text also begins, pads and stands for
    /// what is unknown where there is nothing else.
    /// </summary>
    ITextTokenizer WithSpecials(FinetuneRequest request)
    {
        var specials = _checkpoint?.Specials ?? _tokenizer.Specials;
        var (bos, pad, eos, unk, mask) = specials;
        int size = _checkpoint?.Model.VocabularySize ?? _tokenizer.VocabularySize;
        if (_checkpoint is null ? _tokenizer is not IdVocabulary
            : _checkpoint.Model.Config.Family is { IsMasked: false } or { GivesScores: true })
        {
            eos = eos >= 0 ? eos : bos;
            (bos, pad, unk) = (bos >= 0 ? bos : eos, pad >= 0 ? pad : eos, unk >= 0 ? unk : eos);
            if (mask < 0) mask = size;
        }
        if (_tokenizer is IdVocabulary && bos >= 0 && pad >= 0 && eos >= 0)
            return new IdVocabulary(Math.Max(size, mask + 1), new SpecialTokens(bos, pad, eos, unk, mask));
        // SEDD's mask is the vocabulary's last id; a tokenizer's own, elsewhere, stays an id like others.
        if (request.Model.New is not null && request.Objective.Process == ScoreEntropyProcess.Absorb && mask != size - 1) mask = size;
        if (bos < 0 || pad < 0 || eos < 0 || unk < 0 || mask < 0)
            throw new FinetuneException(
                [$"the tokenizer lacks a special token; expected <s>, <pad>, </s>, <unk> and <mask>, found {specials}"]);
        var settled = new SpecialTokens(bos, pad, eos, unk, mask);
        return settled == _tokenizer.Specials ? _tokenizer : new SpecialsTokenizer(_tokenizer, settled, Math.Max(size, mask + 1));
    }

    /// <summary>
    /// What a trimmed vocabulary keeps beside the special tokens: what occurs, what ends a block, and what config.json names.
    /// </summary>
    bool[] Used(FinetuneData train, ITextTokenizer whole, int lineBreak)
    {
        bool[] used = train.Used(whole.VocabularySize);
        if (lineBreak >= 0) used[lineBreak] = true;
        if (_checkpoint?.Model.Config is { } config)
            foreach (int id in (int[])[config.BosTokenId, config.PadTokenId, config.EosTokenId])
                if (id >= 0 && id < used.Length) used[id] = true;
        return used;
    }

    /// <summary>The tokenizer in the ids that are left; a vocabulary that was trimmed before is trimmed further.</summary>
    static TrimmedTokenizer Trimmed(ITextTokenizer whole, VocabularyMap map) => whole is TrimmedTokenizer before
        ? new TrimmedTokenizer(before.Inner, before.Vocabulary.Then(map))
        : new TrimmedTokenizer(whole, map);

    LanguageModel Model(FinetuneRequest request, ITextTokenizer settled, VocabularyMap? map)
    {
        if (_checkpoint is not null)
        {
            int missing = (map is not null ? map.Kept[^1] + 1 : settled.VocabularySize) - _checkpoint.Model.VocabularySize;
            if (missing <= 0) return map is null ? _checkpoint.Model : VocabularyTrimmer.Trim(_checkpoint.Model, map);
            var extended = VocabularyExtender.Extend(_checkpoint.Model, missing);
            if (map is null) return extended;
            using (extended) return VocabularyTrimmer.Trim(extended, map);
        }
        var config = ModelConfig.Create(request.Model.New!, settled.VocabularySize, settled.Specials, request.Objective);
        var model = config.Family.Build(config, request.Device);
        model.Initialise(request.Seed);
        return model;
    }

    static IEnumerable<string> Texts(FinetuneRequest request) =>
        request.Train.Where(pair => !pair.IsTokens).SelectMany(pair => request.ReadsTexts
            ? (string[])[pair.Source, pair.Target]
            : [(pair.Template ?? request.Template).RenderPrompt(pair.Source),
                (pair.Template ?? request.Template).RenderTarget(pair.Target)]);

    sealed class Loading(IProgress<TrainingProgress> progress) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => progress.Report(new TrainingProgress("load", value.Bytes, value.AllBytes));
    }

    public void Dispose() => _checkpoint?.Dispose();
}
