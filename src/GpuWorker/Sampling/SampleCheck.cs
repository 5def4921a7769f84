using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.GpuWorker.Models;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.GpuWorker.Sampling;

/// <summary>What is wrong with a sample job's model, and with an input that this model can't read.</summary>
internal static class SampleCheck
{
    /// <summary>Checks what is there already.</summary>
    public static IReadOnlyList<Problem> Run(SampleManifest manifest, string root, IReadOnlySet<string> pending, CancellationToken cancellationToken)
    {
        if (Fingerprint.IsPending(manifest.Model.From, pending)) return [];
        string folder = Path.Combine(root, manifest.Model.From);
        IReadOnlyList<Problem> problems = ModelProblems.Check(folder, manifest.Model.From);
        if (problems.Count == 0) problems = ModelProblems.CheckCanvas(folder, manifest.Model.From);
        if (problems.Count > 0 || Fingerprint.IsPending(manifest.Input, pending)) return problems;
        IReadOnlyList<Problem> unreadable = [];
        try
        {
            if (TokenizerFolder.Open(folder) is not null) return problems;
        }
        catch (TokenizerException e)
        {
            unreadable = ModelProblems.Of(e, manifest.Model.From);
        }
        var texts = Texts(Path.Combine(root, manifest.Input), manifest, cancellationToken);
        return texts.Count > 0 && unreadable.Count > 0 ? unreadable : texts;
    }

    // Without a tokenizer, or with one that can't be read, only token ids can be read.
    static List<Problem> Texts(string path, SampleManifest manifest, CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        foreach (InputItem item in InputReader.ReadSample(path, manifest.Input))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (item.PromptIds is not null || item.Error is not null) continue;
            problems.Add(new Problem(manifest.Input, "/source", item.Line, null, $"{manifest.Model.From} has no tokenizer: \"promptIds\" is expected in place of \"source\""));
            if (problems.Count == InputReader.MaxProblems) break;
        }
        return problems;
    }
}
