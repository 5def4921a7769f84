using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Adapters;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Diffusion.Training;
using DiffusionBatch.GpuWorker.Models;
using DiffusionBatch.GpuWorker.Sampling;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.GpuWorker.Finetuning;

/// <summary>What is wrong with a finetune job's model, tokenizer and settings.</summary>
internal static class FinetuneCheck
{
    /// <summary>Checks what is there already.</summary>
    public static IReadOnlyList<Problem> Run(FinetuneManifest manifest, string root, IReadOnlySet<string> pending,
        CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        var before = new AdaptedBefore(null);
        if (manifest.Model.From is { } from && !Fingerprint.IsPending(from, pending))
        {
            before = AdaptedBefore.Of(manifest, root);
            problems.AddRange(Model(manifest, before, Path.Combine(root, from), from));
        }
        if (manifest.Model.Tokenizer?.From is { } tokenizer && !Fingerprint.IsPending(tokenizer, pending))
            problems.AddRange(ModelProblems.CheckTokenizer(Path.Combine(root, tokenizer), tokenizer, "/model/tokenizer/from"));
        AttentionKind? attention = before.Objective(manifest).Attention;
        if (attention == AttentionKind.Blockwise) problems.AddRange(LineBreaks(manifest, before, root, pending));
        if (attention == AttentionKind.Causal && manifest.Objective is { Attention: null, AnnealSteps: > 0 })
            problems.Add(new Problem("", "/objective/annealSteps", null, null,
                $"there is nothing to go over to: the attention of {manifest.Model.From} is \"causal\""));
        problems.AddRange(ShotsFile.Check(manifest.Data.Shots, root, pending));
        if (problems.Count == 0) problems.AddRange(Lines(manifest, root, pending, cancellationToken));
        try
        {
            // The trainer's own check; the data, which it also asks for, is checked where it is read.
            FinetuneRequest request = before.Request(manifest, root, [new TrainingPair("id", "", "")], [], "", "");
            IReadOnlyList<string> found = request.Validate();
            problems.AddRange(found.Select(message => new Problem("", "", null, null, message)));
            // The names of a new model's parameters don't depend on its vocabulary.
            if (found.Count == 0 && request.Model.New is { } made)
                problems.AddRange(Parameters(manifest,
                    ModelConfig.Create(made, BpeTrainer.MinimumVocabularySize, new SpecialTokens(0, 1, 2, 3, 4))));
        }
        catch (FormatException e)
        {
            problems.Add(new Problem("", "/data/prompt", null, null, e.Message));
        }
        return problems;
    }

    // Where there is no tokenizer, or one that can't be read, only token ids can be trained on; otherwise a line's ids are looked at as it
    // is read for training.
    static IReadOnlyList<Problem> Lines(FinetuneManifest manifest, string root, IReadOnlySet<string> pending,
        CancellationToken cancellationToken)
    {
        if (manifest.Model.From is { } from && Fingerprint.IsPending(from, pending)) return [];
        try
        {
            var lines = new TrainingLines(manifest, root);
            if (!lines.ReadsIdsAlone) return [];
            foreach (string file in (string[])[manifest.Data.Train, .. (manifest.Data.Mixture ?? []).Select(mixed => mixed.Train),
                .. manifest.Data.Validation is { } validation ? (string[])[validation] : []])
                if (!Fingerprint.IsPending(file, pending))
                    foreach (var _ in lines.Read(file, cancellationToken)) { }
            return [];
        }
        catch (TokenizerException e)
        {
            return ModelProblems.Of(e, manifest.Model.From!);
        }
        catch (ProblemsException e)
        {
            return e.Problems;
        }
    }

    static IReadOnlyList<Problem> Model(FinetuneManifest manifest, AdaptedBefore before, string folder, string name)
    {
        if (ModelProblems.Check(folder, name) is { Count: > 0 } problems) return problems;
        if (ModelConfig.Read(folder, []) is not { } config) return [];
        var found = new List<Problem>(Parameters(manifest, config));
        if (manifest.Data.MaxLength > config.UsablePositions)
            found.Add(new Problem("", "/data/maxLength", null, null,
                $"maxLength is {manifest.Data.MaxLength}; {name} has {config.UsablePositions} positions"));
        found.AddRange(FinetuneRequest.NetworkProblems(before.Objective(manifest), config)
            .Select(message => new Problem("", "/objective", null, null, message)));
        if (manifest.Length.Predictor is not null && config.HiddenSize % config.Heads != 0)
            found.Add(new Problem("", "/length/predictor", null, null,
                $"a length predictor has the model's heads, and {config.Heads} don't divide its hidden size {config.HiddenSize}"));
        return found;
    }

    /// <summary>Low-rank targets and frozen names that there aren't in the model.</summary>
    static IEnumerable<Problem> Parameters(FinetuneManifest manifest, ModelConfig config)
    {
        IReadOnlyCollection<string> names = [.. config.Family.Layout(config).Select(p => p.Name)];
        if (manifest.Lora is { } lora)
        {
            var unknown = new List<string>();
            names = LoraAdapter.ParameterNames(new LoraPlan(lora).Find(config, unknown));
            if (unknown.Count > 0) return unknown.Select(message => new Problem("", "/lora/targets", null, null, message));
        }
        return ParameterFreezer.Problems(names, manifest.Freeze)
            .Select(p => new Problem("", p.Pattern < 0 ? "/freeze" : string.Create(CultureInfo.InvariantCulture, $"/freeze/{p.Pattern}"),
                null, null, p.Message));
    }

    /// <summary>Says where a tokenizer that is there already has no token that ends a block, or none at the end of the prompt.</summary>
    static IEnumerable<Problem> LineBreaks(FinetuneManifest manifest, AdaptedBefore before, string root, IReadOnlySet<string> pending)
    {
        if ((manifest.Model.From ?? manifest.Model.Tokenizer?.From) is not { } folder || Fingerprint.IsPending(folder, pending))
            yield break;
        ITextTokenizer? tokenizer;
        string prompt;
        try
        {
            tokenizer = TokenizerFolder.Open(Path.Combine(root, folder));
            prompt = before.Template(manifest).RenderPrompt("x");
        }
        catch (Exception e) when (e is TokenizerException or FormatException)
        {
            yield break; // said where tokenizers and templates are checked
        }
        if (tokenizer is null) yield break;
        int newline = LineBreak.Of(tokenizer);
        if (newline < 0)
            yield return new Problem("", "/objective/attention", null, null,
                $"blockwise attention needs a token for a line break, which ends a block, and the tokenizer of {folder} has none");
        // GPT-2's "\n\n" is a token of its own: the response would be in the prompt's last block.
        else if (prompt.EndsWith('\n') && tokenizer.Encode(prompt) is [.., var last] && last != newline)
            yield return new Problem("", "/data/prompt", null, null, $"the line breaks at the prompt's end are one token of the "
                + $"tokenizer of {folder}, and only that of a single line break ends a block; expected one line break there");
    }
}
