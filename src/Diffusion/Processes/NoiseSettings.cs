using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>The multinomial process's noise as a checkpoint keeps it.</summary>
public sealed record NoiseSettings
{
    /// <summary>How the share of clean tokens falls.</summary>
    public AlphaSchedule Schedule { get; init; }

    /// <summary>The ids that are neither noise nor noised; for uniform noise.</summary>
    public int[]? Excluded { get; init; }

    /// <summary>How often each id occurs in the training data's responses; for unigram noise. // (V)</summary>
    public int[]? Counts { get; init; }

    /// <summary>
    /// The noise of a training run. The mask is no noise, nor are the specials that no response holds but as its closing: diffusing them as
    /// well makes models much worse (Zheng et al. 2023, appendix).
    /// </summary>
    public static NoiseSettings Of(ProcessContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] counts = context.Counts();
        var schedule = context.Settings.Schedule ?? AlphaSchedule.Linear;
        counts[context.Specials.Mask] = 0;
        if (context.Settings.Noise == NoiseTokens.Unigram) return new NoiseSettings { Schedule = schedule, Counts = counts };
        return new NoiseSettings
        {
            Schedule = schedule,
            Excluded = [.. Enumerable.Range(0, counts.Length).Where(id => context.Specials.Contains(id) && counts[id] == 0)]
        };
    }

    /// <summary>The noise itself.</summary>
    /// <param name="vocabularySize">V.</param>
    public MultinomialNoise Noise(int vocabularySize) =>
        Counts is null ? MultinomialNoise.Uniform(Schedule, vocabularySize, Excluded ?? []) : MultinomialNoise.Unigram(Schedule, Counts);

    /// <summary>What contradicts a vocabulary, in words; null where nothing does.</summary>
    public string? Problem(int vocabularySize) =>
        Counts is not null && (Counts.Length != vocabularySize || Array.Exists(Counts, c => c < 0) || !Array.Exists(Counts, c => c > 0))
            ? "counts of all ids, none below 0 and some above, are expected"
        : Excluded is not null && (Array.Exists(Excluded, id => id < 0 || id >= vocabularySize)
            || Excluded.Distinct().Count() >= vocabularySize) ? "some of the model's ids, not all, are expected"
        : null;
}
