
namespace DiffusionBatch.Diffusion.Files;

/// <summary>A checkpoint that can't be used, with everything that is wrong with it at once.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Creates the exception for the checkpoint at <paramref name="path"/>, a folder or a file.</summary>
    public CheckpointException(string path, IReadOnlyList<CheckpointProblem> problems)
        : base(Describe(path, problems))
    {
        Path = path;
        Problems = problems;
    }

    /// <summary>The folder or file that was read.</summary>
    public string Path { get; }

    /// <summary>All problems, at least one, in the order in which they were found.</summary>
    public IReadOnlyList<CheckpointProblem> Problems { get; }

    static string Describe(string path, IReadOnlyList<CheckpointProblem> problems) =>
        problems.Count == 1
            ? $"{path}: {problems[0]}"
            : $"{path}: {problems.Count} problems:{string.Concat(problems.Select(p => "\n  " + p))}";
}
