using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.GpuWorker.Sampling;

namespace DiffusionBatch.GpuWorker.Finetuning;

/// <summary>
/// The pairs of a finetune: those of its files, each with at most so many pairs and at its rate (examples-proportional mixing
/// with a maximum: Raffel et al. 2020, section 3.5.2; Wei et al. 2022, section 2.1), with demonstrations before their prompts.
/// </summary>
/// <param name="manifest">The job.</param>
/// <param name="root">The storage root.</param>
/// <param name="template">The texts around each pair.</param>
internal sealed class TrainingMixture(FinetuneManifest manifest, string root, PromptTemplate template)
{
    readonly TrainingLines _lines = new(manifest, root);

    readonly Demonstrations? _shots = manifest.Data.Shots is { } shots ? ShotsFile.Read(shots, root, manifest.Seed) : null;

    /// <summary>The pairs to train on.</summary>
    /// <exception cref="Pipeline.Problems.ProblemsException">A line is bad, or the model can't read it.</exception>
    public List<TrainingPair> Train(CancellationToken cancellationToken)
    {
        var data = manifest.Data;
        List<TrainingPair> pairs = [.. Part(data.Train, data.Most, 1, template, "", cancellationToken)];
        foreach (var (index, file) in (data.Mixture ?? []).Index())
        {
            var own = file.Prompt is null && file.Target is null
                ? null
                : new PromptTemplate(file.Prompt ?? template.Prompt, file.Target ?? template.Target);
            pairs.AddRange(Part(file.Train, file.Most, file.Rate, own ?? template, $"mixture {index} ", cancellationToken)
                .Select(pair => own is null ? pair : pair with { Template = own }));
        }
        return pairs;
    }

    /// <summary>The pairs of the validation loss; empty where there is no file.</summary>
    /// <inheritdoc cref="Train"/>
    public List<TrainingPair> Validation(CancellationToken cancellationToken) =>
        manifest.Data.Validation is { } file ? [.. _lines.Read(file, cancellationToken).Select(pair => WithShots(pair, template))] : [];

    // Ids are unique in their own file alone, and draws are keyed by them: a mixed file's get a prefix, a pair's further copies their
    // number.
    IEnumerable<TrainingPair> Part(string file, int? most, double rate, PromptTemplate around, string prefix,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<TrainingPair> pairs = [.. _lines.Read(file, cancellationToken)];
        if (pairs.Count > most)
        {
            // The pairs with the least draws, in the file's order.
            double[] draws = [.. pairs.Select(pair => Draw("most of ", pair))];
            double limit = draws.Order().ElementAt(most.Value - 1);
            pairs = [.. pairs.Where((_, i) => draws[i] <= limit)];
        }
        foreach (var pair in pairs)
        {
            int copies = (int)rate + (Draw("rate of ", pair) < rate - Math.Truncate(rate) ? 1 : 0);
            for (int copy = 1; copy <= copies; copy++)
                yield return WithShots(copy == 1
                    && prefix.Length == 0 ? pair : pair with { Id = copy == 1 ? prefix + pair.Id : $"{prefix}{pair.Id} ({copy})" }, around);
        }

        double Draw(string what, TrainingPair pair) => CounterRandom.For(manifest.Seed, what + prefix + pair.Id).Uniform(0);
    }

    TrainingPair WithShots(TrainingPair pair, PromptTemplate around) =>
        _shots is null || pair.IsTokens ? pair : pair with { Before = _shots.Before(pair.Id, around) };
}
