using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>The first problems of a file, and the number of the others.</summary>
internal sealed class ProblemList(string file, int most)
{
    readonly List<Problem> _listed = [];
    long _more;

    /// <summary>Whether none was added.</summary>
    public bool IsEmpty => _listed.Count == 0;

    /// <summary>The listed problems, and one that counts the rest.</summary>
    public IReadOnlyList<Problem> All =>
        _more == 0 ? _listed : [.. _listed, Problem.OfFile(file, $"and {_more} more problem{(_more == 1 ? "" : "s")} in this file")];

    /// <summary>Adds a problem.</summary>
    public void Add(Problem problem)
    {
        if (_listed.Count < most) _listed.Add(problem);
        else _more++;
    }

    /// <summary>Adds problems and empties their list.</summary>
    public void Take(List<Problem> problems)
    {
        foreach (var problem in problems) Add(problem);
        problems.Clear();
    }
}
