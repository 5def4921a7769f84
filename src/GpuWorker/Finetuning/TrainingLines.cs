using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;

namespace DiffusionBatch.GpuWorker.Finetuning;

/// <summary>The lines that a finetune trains on, texts or token ids, and what of them its model can't read.</summary>
/// <param name="manifest">The job.</param>
/// <param name="root">The storage root.</param>
internal sealed class TrainingLines(FinetuneManifest manifest, string root)
{
    /// <summary>V where it is known before the tokenizer is trained; null otherwise.</summary>
    readonly int? _vocabularySize = manifest.Model.New?.VocabularySize
        ?? (manifest.Model.From is { } from ? ModelConfig.Read(Path.Combine(root, from), [])?.VocabularySize : null);

    /// <summary>Whether the model comes without a tokenizer, so that all lines must be token ids.</summary>
    public bool ReadsIdsAlone { get; } = manifest.Model is { New: not null, Tokenizer: null }
        || manifest.Model.From is { } from && TokenizerFolder.Open(Path.Combine(root, from)) is null;

    /// <summary>The pairs of a file, in order, as they are read.</summary>
    /// <param name="file">The file's path under the root.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ProblemsException">A line is bad, or the model can't read it.</exception>
    public IEnumerable<TrainingPair> Read(string file, CancellationToken cancellationToken)
    {
        string path = Path.Combine(root, file);
        foreach (InputItem item in manifest.ReadsTexts ? InputReader.ReadTexts(path, file) : InputReader.ReadPairs(path, file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Problem(item, file) is { } problem) throw new ProblemsException([problem]);
            yield return item.PromptIds is { } prompt
                ? TrainingPair.OfTokens(item.Id, prompt, item.TargetIds ?? [])
                : new TrainingPair(item.Id, item.Source ?? "", item.Targets.Count > 0 ? item.Targets[0] : "");
        }
    }

    Problem? Problem(InputItem item, string file)
    {
        Problem At(string? field, string message) => new(file, field, item.Line, null, message);
        if (item.PromptIds is not { } prompt)
            return ReadsIdsAlone ? At(null, manifest.Model.From is { } folder
                ? $"the line has texts, and {TokenizerNames.Missing(folder)}; \"promptIds\" and \"targetIds\" need none"
                : "the line has texts, and a model with model.new.vocabularySize has no tokenizer; expected \"promptIds\" and "
                    + "\"targetIds\"") : null;
        if (manifest.Vocabulary.Trim)
            return At("/promptIds", "the line has token ids, and vocabulary.trim numbers the tokens anew; expected texts, or no trim");
        if (manifest.Length.Predictor is not null && prompt.Length == 0)
            return At("/promptIds", "the prompt is empty, and a length predictor needs one");
        foreach (var (name, ids) in ((string, int[])[])[("promptIds", prompt), ("targetIds", item.TargetIds ?? [])])
            if (Array.FindIndex(ids, id => id >= _vocabularySize) is >= 0 and var at)
                return At($"/{name}/{at}", $"expected a token id below the model's {_vocabularySize}, found {ids[at]}");
        return null;
    }
}
