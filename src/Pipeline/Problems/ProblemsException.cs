namespace DiffusionBatch.Pipeline.Problems;

/// <summary>Bad input (exit code 2, HTTP 400): carries every problem that was found, at least one.</summary>
public sealed class ProblemsException : Exception
{
    /// <summary>All problems, in the order in which they are to be shown.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>Wraps a non-empty list of problems.</summary>
    public ProblemsException(IReadOnlyList<Problem> problems)
        : base(string.Join(Environment.NewLine, problems)) =>
        Problems = problems.Count > 0 ? problems : throw new ArgumentException("At least one problem is needed.", nameof(problems));

    /// <summary>Wraps one problem.</summary>
    public ProblemsException(Problem problem) : this([problem]) { }
}
