using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.GpuWorker.Sampling;

/// <summary>The file that demonstrations are drawn from.</summary>
internal static class ShotsFile
{
    /// <summary>Reads the pairs.</summary>
    /// <exception cref="ProblemsException">A line isn't a pair of texts, or there are too few.</exception>
    public static Demonstrations Read(Shots shots, string root, long seed)
    {
        var pool = new List<TrainingPair>();
        foreach (InputItem item in InputReader.ReadPairs(Path.Combine(root, shots.File), shots.File))
            pool.Add(item.Source is { } source && item.Targets is [var target]
                ? new TrainingPair(item.Id, source, target)
                : throw new ProblemsException(
                    [new Problem(shots.File, null, item.Line, null,
                        "a demonstration is a pair of texts; expected \"source\" and \"target\"")]));
        return pool.Count > shots.Count
            ? new Demonstrations(pool, shots.Count, shots.Separator, seed)
            : throw new ProblemsException(
                [Problem.OfFile(shots.File, $"the file has {pool.Count} pairs; expected more than "
                    + $"the {shots.Count} demonstrations of an item, so that its own pair can be left out")]);
    }

    /// <summary>What is wrong with the file, where it is there already.</summary>
    public static IReadOnlyList<Problem> Check(Shots? shots, string root, IReadOnlySet<string> pending)
    {
        if (shots is null || Fingerprint.IsPending(shots.File, pending) || !File.Exists(Path.Combine(root, shots.File))) return [];
        try
        {
            Read(shots, root, 0);
            return [];
        }
        catch (ProblemsException e)
        {
            return e.Problems;
        }
    }
}
