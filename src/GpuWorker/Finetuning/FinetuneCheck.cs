using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.GpuWorker.Models;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.GpuWorker.Finetuning;

/// <summary>What is wrong with a finetune job's model, tokenizer and settings.</summary>
internal static class FinetuneCheck
{
    /// <summary>Checks what is there already.</summary>
    public static IReadOnlyList<Problem> Run(FinetuneManifest manifest, string root, IReadOnlySet<string> pending)
    {
        var problems = new List<Problem>();
        if (manifest.Model.From is { } from && !Fingerprint.IsPending(from, pending)) problems.AddRange(Model(manifest, Path.Combine(root, from), from));
        if (manifest.Model.Tokenizer?.From is { } tokenizer && !Fingerprint.IsPending(tokenizer, pending))
            problems.AddRange(ModelProblems.CheckTokenizer(Path.Combine(root, tokenizer), tokenizer));
        try
        {
            // The trainer's own check; the data, which it also asks for, is checked where it is read.
            problems.AddRange(FinetuneMapping.Map(manifest, root, [new TextPair("id", "", "")], [], "", "").Validate()
                .Select(message => new Problem("", "", null, null, message)));
        }
        catch (FormatException e)
        {
            problems.Add(new Problem("", "/data/prompt", null, null, e.Message));
        }
        return problems;
    }

    static IReadOnlyList<Problem> Model(FinetuneManifest manifest, string folder, string name)
    {
        if (ModelProblems.Check(folder, name) is { Count: > 0 } problems) return problems;
        if (ModelProblems.CheckTokenizer(folder, name) is { Count: > 0 } missing) return missing;
        if (ModelConfig.Read(folder, []) is not { } config) return [];
        var found = new List<Problem>();
        if (manifest.Data.MaxLength > config.UsablePositions)
            found.Add(new Problem("", "/data/maxLength", null, null, $"maxLength is {manifest.Data.MaxLength}; {name} has {config.UsablePositions} positions"));
        if (config.Family.IsEncoderDecoder)
            found.AddRange(FinetuneMapping.Objective(manifest.Objective).ValidateEncoderDecoder().Select(message => new Problem("", "/objective", null, null, message)));
        if (FinetuneMapping.Lora(manifest) is { } lora)
        {
            var unknown = new List<string>();
            lora.Find(config, unknown);
            found.AddRange(unknown.Select(message => new Problem("", "/lora/targets", null, null, message)));
        }
        if (manifest.Length.Predictor is not null && config.HiddenSize % config.Heads != 0)
            found.Add(new Problem("", "/length/predictor", null, null, $"a length predictor has the model's heads, and {config.Heads} don't divide its hidden size {config.HiddenSize}"));
        return found;
    }
}
