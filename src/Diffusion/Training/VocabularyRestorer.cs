using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>Gives a checkpoint folder whose vocabulary was trimmed all its tokens again, from the folder that it was made from.</summary>
public static class VocabularyRestorer
{
    /// <summary>Writes the restored folder.</summary>
    /// <param name="trimmed">The folder with the trimmed vocabulary.</param>
    /// <param name="original">The folder that it was made from.</param>
    /// <param name="output">The folder to make.</param>
    /// <returns>V before and after.</returns>
    /// <exception cref="CheckpointException">A folder can't be used.</exception>
    /// <exception cref="ArgumentException">The vocabulary was not trimmed, or not from that folder.</exception>
    public static (int Before, int After) Run(string trimmed, string original, string output)
    {
        using var small = Checkpoint.Load(trimmed);
        if (small.Settings is not { Vocabulary: { } kept } settings)
            throw new ArgumentException($"{trimmed}: the vocabulary was not trimmed: {DiffusionSettings.FileName} has no map",
                nameof(trimmed));
        using var whole = Checkpoint.Load(original);
        var map = new VocabularyMap(kept);
        // A mask that was added before the trimming stands behind the first vocabulary.
        int missing = map.Kept[^1] + 1 - whole.Model.VocabularySize;
        using var extended = missing > 0 && missing <= 1 ? VocabularyExtender.Extend(whole.Model, missing) : null;
        try
        {
            using var restored = VocabularyTrimmer.Restore(small.Model, map, extended ?? whole.Model);
            int Whole(int id) => id < 0 ? id : map.ToTokenizer(id);
            var specials = settings.Specials;
            CheckpointWriter.Save(output, restored, small.Tokenizer is TrimmedTokenizer tokenizer ? tokenizer.Inner : null, settings with
            {
                Vocabulary = null,
                Newline = settings.Newline is { } newline ? Whole(newline) : null,
                Specials = new SpecialTokens(Whole(specials.Bos), Whole(specials.Pad), Whole(specials.Eos), Whole(specials.Unk),
                    Whole(specials.Mask)),
            }, small.LengthPredictor, adapter: small.Adapter);
            return (map.Count, restored.VocabularySize);
        }
        catch (ArgumentException e) when (e.ParamName == "original")
        {
            throw new ArgumentException(
                $"{trimmed} was not trimmed from {original}: another architecture, other sizes or a smaller vocabulary", nameof(original));
        }
    }
}
